"""Accounts as master data. What an account may do comes from its appointments alone, and those have an action."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

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
