"""Accounts as master data. What an account may do comes from its appointments alone, and those have an action."""

import json
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from shuozhou_ops import clock
from shuozhou_ops.journal import security

from .models import User


@admin.register(User)
class Accounts(UserAdmin):
    """Who may log in. Nothing is deleted: the journal names accounts."""

    list_display = ("username", "name", "is_active", "last_login")
    list_filter = ("is_active", "is_demo")
    search_fields = ("username", "name")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("本人"), {"fields": ("name", "phone", "email")}),
        (_("账号"), {"fields": ("is_active", "is_staff", "is_superuser")}),
    )
    filter_horizontal: ClassVar[tuple[str, ...]] = ()

    def has_delete_permission(self, *_args: object, **_options: object) -> bool:
        """Never: an account is made inactive instead."""
        return False

    def log_addition(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """A new account is written down where nobody can take it out."""
        self._keep(request, "account.made", obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """So is each change, a password set for another above all."""
        self._keep(request, "account.changed", obj, message)
        return super().log_change(request, obj, message)

    def _keep(self, request: HttpRequest, act: str, account: User, message: Any = "") -> None:
        what = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        security.kept(f"user/{request.user.pk}", act, f"{account.ref} {what}".strip(), at=clock.now())
