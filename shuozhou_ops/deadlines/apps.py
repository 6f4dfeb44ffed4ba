"""The app `deadlines`."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """See the package."""

    name = "shuozhou_ops.deadlines"
    label = "deadlines"
