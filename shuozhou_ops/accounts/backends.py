"""Who may log in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend


class Backend(ModelBackend):
    """Accounts with a password; the demo cast, whose password everybody knows, only where DEMO is set."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether this account may be used at all: asked at the login and at every request."""
        demo = getattr(user, "is_demo", False)
        return super().user_can_authenticate(user) and (settings.DEMO or not demo)
