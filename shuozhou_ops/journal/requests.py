"""The request an act comes with: its id, and the key under which it must not happen twice."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from shuozhou_ops.errors import Conflict, DomainError
from shuozhou_ops.middleware import current_request_id

from .actors import Actor
from .models import Entry


@dataclass(frozen=True)
class Key:
    """An idempotency key and the fingerprint of the content it was given with."""

    key: str
    fingerprint: str


_current: ContextVar[Key | None] = ContextVar("idempotency_key", default=None)


def current() -> tuple[str, Key | None]:
    """The request id and the key, if any, under which the present act runs."""
    return current_request_id(), _current.get()


def fingerprint(content: Any) -> str:
    """The sha256 of a request's content (JSON-able)."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


@contextmanager
def _keyed(key: Key) -> Iterator[None]:
    token = _current.set(key)
    try:
        yield
    finally:
        _current.reset(token)


def earlier(actor: Actor, key: Key) -> Entry | None:
    """The entry that this actor's key already made. Raises Conflict where it came with other content."""
    entry = Entry.objects.filter(recorded_by=actor.ref, idempotency_key=key.key).first()
    if entry is not None and entry.fingerprint != key.fingerprint:
        raise Conflict("key_reused", _("这个表单已经用别的内容提交过，请刷新页面后重新填写。"))
    return entry


def once(actor: Actor, key: Key | None, run: Callable[[], Any]) -> Entry | None:
    """Run an act once: None when it ran now, its entry when this key had already done it.

    Two at the same moment: the unique constraint lets one through, the other finds its entry here.
    Raises whatever `run` raises, and Conflict for a key with other content. Source: ours.
    """
    if key is None:
        run()
        return None
    done = earlier(actor, key)
    if done is not None:
        return done
    try:
        with _keyed(key):
            run()
    except (IntegrityError, DomainError, TransitionNotAllowed):
        done = earlier(actor, key)
        if done is None:
            raise
        return done
    return None
