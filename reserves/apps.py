"""The app `reserves`."""

from django.apps import AppConfig


class ReservesConfig(AppConfig):
    """See the package."""

    name = "reserves"
