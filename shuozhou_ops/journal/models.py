"""The entries, and the log of refused acts."""

import json
from datetime import datetime
from typing import Any

from django.db import models

from .folding import HASHED, digest


class Entry(models.Model):
    """One thing that happened: never changed, never deleted. Every column is text or a number, and hashed as stored."""

    stream = models.CharField(max_length=100)
    seq = models.PositiveBigIntegerField()
    at = models.CharField(max_length=27)  # when it happened, UTC, 2026-11-24T03:12:00.000000Z
    recorded_at = models.CharField(max_length=27)  # when it was written
    actor = models.CharField(max_length=100)
    recorded_by = models.CharField(max_length=100)  # differs from actor for spoken orders
    verb = models.CharField(max_length=60)
    set_json = models.TextField()  # the new values by thing and field
    payload_json = models.TextField()  # what a reader needs to say it in words
    v = models.PositiveSmallIntegerField(default=1)
    request_id = models.CharField(max_length=64, blank=True)
    idempotency_key = models.CharField(max_length=100, null=True)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the request that carried the key
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="entry_once_per_seq"),
            models.UniqueConstraint(fields=["recorded_by", "idempotency_key"], name="entry_once_per_key"),
        ]
        ordering = ["stream", "seq"]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq} {self.verb}"

    def computed_hash(self) -> str:
        """The hash this entry should have."""
        return digest([getattr(self, name) for name in HASHED])

    @property
    def happened_at(self) -> datetime:
        """`at` as an aware datetime."""
        return datetime.fromisoformat(self.at)

    @property
    def written_at(self) -> datetime:
        """`recorded_at` as an aware datetime."""
        return datetime.fromisoformat(self.recorded_at)

    @property
    def changes(self) -> dict[str, dict[str, Any]]:
        """The new values by thing and field."""
        values: dict[str, dict[str, Any]] = json.loads(self.set_json)
        return values

    @property
    def payload(self) -> dict[str, Any]:
        """What a reader needs to say it in words."""
        value: dict[str, Any] = json.loads(self.payload_json)
        return value


class SecurityEvent(models.Model):
    """One refused act, or one act of an administrator on an account (`code` done). It is part of no stream."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=100)
    act = models.CharField(max_length=100)
    subject = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=60)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.actor} {self.act} {self.code}"
