"""The locks: whoever changes anything of an incident holds its row first."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from plans.documents import PlanDocument
from response import facts
from response.models import Incident, IncidentNumber


def incident(incident_id: int) -> Incident:
    """The incident's row, locked until the transaction ends. Raises Incident.DoesNotExist."""
    return _locked(Incident.objects.all()).get(pk=incident_id)


def incident_and_likes(incident_id: int) -> tuple[Incident, list[Incident]]:
    """The incident's row, and those of the other open ones of its plan where the plan counts them, all locked.

    Nobody logs meanwhile, so none is missed; the rows are taken in one order, so two who do this never wait for each
    other. Raises Incident.DoesNotExist.
    """
    IncidentNumber.objects.select_for_update().order_by("-year").first()  # under which one logs
    found = Incident.objects.select_related("plan_version__plan").defer("plan_version__document").get(pk=incident_id)
    wanted = Incident.objects.filter(pk=incident_id)
    if not found.replay_of and facts.counts(facts.document_of(found)):
        wanted |= facts.open_under(found.plan_version.plan.key)
    rows = list(_locked(wanted).order_by("pk"))
    return next(row for row in rows if row.pk == incident_id), [row for row in rows if row.pk != incident_id]


def several(incident_ids: Collection[int], plans: Iterable[PlanDocument] = ()) -> tuple[list[Incident], list[Incident]]:
    """These incidents' rows in the given order, and the other open ones of their plans and of these, where a plan
    counts them; all locked, in one order, as `incident_and_likes` does. Raises Incident.DoesNotExist.
    """
    IncidentNumber.objects.select_for_update().order_by("-year").first()
    rows = Incident.objects.select_related("plan_version__plan").defer("plan_version__document")
    found = list(rows.filter(pk__in=incident_ids))
    counted = {doc.plan for doc in plans if facts.counts(doc)}
    counted |= {
        row.plan_version.plan.key for row in found if not row.replay_of and facts.counts(facts.document_of(row))
    }
    wanted = Incident.objects.filter(pk__in=incident_ids)
    for plan in counted:
        wanted |= facts.open_under(plan)
    locked = {row.pk: row for row in _locked(wanted).order_by("pk")}
    if missing := [pk for pk in incident_ids if pk not in locked]:
        raise Incident.DoesNotExist(str(missing))
    return [locked[pk] for pk in incident_ids], [row for pk, row in locked.items() if pk not in incident_ids]


def likes(incident: Incident) -> list[Incident]:
    """The other open incidents of a plan that counts them, locked; for the one who logs, and so holds back others."""
    if incident.replay_of or not facts.counts(facts.document_of(incident)):
        return []
    return list(_locked(facts.open_under(incident.plan_version.plan.key)).exclude(pk=incident.pk).order_by("pk"))


def _locked(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    return rows.select_for_update(of=("self",)).select_related("plan_version__plan").defer("plan_version__document")
