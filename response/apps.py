"""The app `response`."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """What happens; it answers for the receipts, clocks and rhythms that come due, and declares its tables."""

    name = "response"

    def ready(self) -> None:
        from response.actions import clocks, receipts, tasks
        from response.actions.deployments import AGAIN, RECEIPT
        from response.actions.suggestions import CLOCK
        from response.models import Incident
        from response.tables import OF_INCIDENT
        from shuozhou_ops.deadlines import sweeping
        from shuozhou_ops.journal import tables

        sweeping.answered_by(RECEIPT, receipts.fall_due)
        sweeping.answered_by(CLOCK, clocks.come_due)
        sweeping.answered_by(AGAIN, tasks.come_again)
        tables.declare(Incident, OF_INCIDENT)
