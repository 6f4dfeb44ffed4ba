"""The app `response`."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """What happens; it answers for the receipts and the clocks that come due."""

    name = "response"

    def ready(self) -> None:
        from response.actions import clocks, receipts
        from response.actions.deployments import RECEIPT
        from response.actions.suggestions import CLOCK
        from shuozhou_ops.deadlines import sweeping

        sweeping.answered_by(RECEIPT, receipts.fall_due)
        sweeping.answered_by(CLOCK, clocks.come_due)
