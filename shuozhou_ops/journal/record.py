"""Writing: rows and the entry that tells of them, never one without the other."""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models

from shuozhou_ops import clock

from . import requests
from .actors import Actor
from .models import Entry
from .streams import Streamed

Row = TypeVar("Row", bound=models.Model)
NEVER_JOURNALED = frozenset({"head_seq", "head_hash", "password", "last_login"})


def spell(moment: datetime) -> str:
    """An aware moment as the journal spells it: UTC, microseconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def seal(value: str) -> str:
    """A keyed hash standing for personal data, which never enters the chain."""
    return "sealed:" + hmac.new(settings.SECRET_KEY.encode(), value.encode(), hashlib.sha256).hexdigest()


def thing(row: models.Model) -> str:
    """The name of a row in the journal: `task/12`."""
    return f"{row._meta.model_name}/{row.pk}"


@cache
def journaled_fields(model: type[models.Model]) -> tuple[Any, ...]:
    """The fields of a model that enter the journal. `UNJOURNALED` names what stands there by its fingerprint alone."""
    left_out = NEVER_JOURNALED.union(getattr(model, "UNJOURNALED", ()))
    fields = model._meta.concrete_fields
    return tuple(field for field in fields if not field.primary_key and field.name not in left_out)


def journaled_value(row: models.Model, field: Any) -> Any:
    """The value of one field as the journal holds it: JSON-able, personal data sealed."""
    value = getattr(row, field.attname)
    if value is None:
        return None
    if field.name in getattr(row, "SEALED", ()):
        return seal(str(value)) if value else ""
    if isinstance(value, datetime):
        return spell(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Choices):
        return value.value
    if isinstance(value, str | int | float | bool | list | dict):
        return value
    return str(value)


def values_of(row: models.Model, only: Collection[str] | None = None) -> dict[str, Any]:
    """The fields of a row as the journal holds them, or the named ones of these."""
    return {
        field.name: journaled_value(row, field)
        for field in journaled_fields(type(row))
        if only is None or field.name in only
    }


class Changes:
    """Saves rows and remembers what it saved, so that what is recorded is what was written."""

    def __init__(self) -> None:
        self._set: dict[str, dict[str, Any]] = {}

    def create(self, row: Row) -> Row:
        """Insert one row."""
        _round(row)
        row.save(force_insert=True)
        self._note(row, None)
        return row

    def create_all(self, model: type[Row], rows: Iterable[Row]) -> list[Row]:
        """Insert many rows in one statement a batch."""
        wanted = list(rows)
        for row in wanted:
            _round(row)
        made = model._default_manager.bulk_create(wanted, batch_size=500)
        for row in made:
            self._note(row, None)
        return made

    def update(self, row: models.Model, *fields: str) -> None:
        """Save the named fields of one locked row."""
        _round(row)
        row.save(update_fields=fields)
        self._note(row, fields)

    def update_all(self, rows: Sequence[Row], *fields: str) -> None:
        """Save the named fields of many rows in one statement a batch."""
        for row in rows:
            _round(row)
        if rows:
            type(rows[0])._default_manager.bulk_update(rows, fields, batch_size=200)
        for row in rows:
            self._note(row, fields)

    def _note(self, row: models.Model, only: Sequence[str] | None) -> None:
        self._set.setdefault(thing(row), {}).update(values_of(row, only))

    def as_text(self) -> str:
        """The new values by thing and field, spelled once for ever."""
        return _text(self._set)


def _round(row: models.Model) -> None:
    """Give decimals the places of their column, so that what is recorded is what every database stores."""
    for field in row._meta.concrete_fields:
        value = row.__dict__.get(field.attname)
        if isinstance(field, models.DecimalField) and isinstance(value, Decimal):
            setattr(row, field.attname, value.quantize(Decimal(1).scaleb(-field.decimal_places)))


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def append(
    row: Streamed,
    verb: str,
    changes: Changes,
    *,
    actor: Actor,
    at: datetime,
    recorded_by: Actor | None = None,
    payload: Mapping[str, Any] | None = None,
    beside: bool = False,
) -> Entry:
    """Append one entry to the stream of a row locked in the present transaction; the row's head moves on.

    The head is read again under its own lock, so the chain holds even where a caller forgot to lock the row.

    verb: `noun.past`. at: when it happened, aware. recorded_by: who wrote it where that is another than the actor.
    payload: what a reader needs to say it in words; the names of actor and writer are added.
    beside: a further entry of one act, whose own entry bears the request's key: a key names one entry.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry is written inside the transaction that makes it true")
    writer = recorded_by or actor
    told: dict[str, Any] = {"by": {"name": actor.name, "post": actor.name_of_post()}, **(payload or {})}
    if writer is not actor:
        told["recorded_by"] = {"name": writer.name, "post": writer.name_of_post()}
    request_id, key = requests.current()
    key = None if beside else key
    heads = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk)
    head_seq, head_hash = heads.values_list("head_seq", "head_hash").get()
    entry = Entry(
        stream=row.stream,
        seq=head_seq + 1,
        at=spell(at),
        recorded_at=spell(clock.now()),
        actor=actor.ref,
        recorded_by=writer.ref,
        verb=verb,
        set_json=changes.as_text(),
        payload_json=_text(told),
        request_id=request_id,
        idempotency_key=key.key if key else None,
        fingerprint=key.fingerprint if key else "",
        prev_hash=head_hash,
    )
    entry.hash = entry.computed_hash()
    entry.save(force_insert=True)
    row.head_seq, row.head_hash = entry.seq, entry.hash
    row.save(update_fields=["head_seq", "head_hash"])
    return entry
