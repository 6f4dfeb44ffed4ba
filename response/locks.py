"""The one lock: whoever changes anything of an incident holds its row first."""

from response.models import Incident


def incident(incident_id: int) -> Incident:
    """The incident's row, locked until the transaction ends. Raises Incident.DoesNotExist."""
    return (
        Incident.objects.select_for_update(of=("self",))
        .select_related("plan_version__plan")
        .defer("plan_version__document")
        .get(pk=incident_id)
    )
