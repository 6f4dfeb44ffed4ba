"""The app `notices`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """See the package."""

    name = "shuozhou_ops.notices"
    label = "notices"
