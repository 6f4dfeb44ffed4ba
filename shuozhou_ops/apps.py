"""The app `shuozhou_ops`: no tables; the home of the commands that concern the system as a whole."""

from django.apps import AppConfig


class ShuozhouOpsConfig(AppConfig):
    """See the package."""

    name = "shuozhou_ops"
