"""The app `accounts`."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """See the package."""

    name = "shuozhou_ops.accounts"
    label = "accounts"
