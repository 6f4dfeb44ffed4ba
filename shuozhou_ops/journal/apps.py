"""The app `journal`."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """See the package."""

    name = "shuozhou_ops.journal"
    label = "journal"
