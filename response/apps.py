"""The app `response`."""

from django.apps import AppConfig


class ResponseConfig(AppConfig):
    """See the package."""

    name = "response"
