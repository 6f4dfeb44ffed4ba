"""The app `response`."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """What happens; it answers for the receipts that come due."""

    name = "response"

    def ready(self) -> None:
        from response.actions import receipts
        from response.actions.deployments import RECEIPT
        from shuozhou_ops.deadlines import sweeping

        sweeping.answered_by(RECEIPT, receipts.fall_due)
