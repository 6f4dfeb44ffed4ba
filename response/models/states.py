"""Rows with a state machine."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django_fsm import FSMFieldMixin


class StateModel(models.Model):
    """A row whose state only its transitions change. Re-reading it works, which the plain package refuses."""

    class Meta:
        abstract = True

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        """Read the row again, its state included."""
        protected = {
            field.attname
            for field in self._meta.concrete_fields
            if isinstance(field, FSMFieldMixin) and field.protected
        }
        if fields is None:
            deferred = self.get_deferred_fields()
            fields = [field.attname for field in self._meta.concrete_fields if field.attname not in deferred]
        for name in protected:
            self.__dict__.pop(name, None)
        super().refresh_from_db(using=using, fields=list(set(fields) | protected), from_queryset=from_queryset)
