"""The edge: from a posted form to one act by one actor at one moment, once."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from shuozhou_ops import clock
from shuozhou_ops.errors import BadInput, Conflict, DomainError
from shuozhou_ops.journal import requests, security
from shuozhou_ops.journal.actors import Actor
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.middleware import asked_by_script, current_request_id

from .actors import actor_for
from .models import User

View = Callable[..., HttpResponse]
KEY = re.compile(r"[\x21-\x7e]{1,100}")  # an idempotency key: printable, as long as its column


@dataclass
class Outcome:
    """What became of an act: its result, or the refusal; `entry`, where the same form had already done it: that one."""

    result: Any = None
    error: DomainError | None = None
    entry: Entry | None = None
    by_field: dict[str, str] = field(default_factory=dict)

    @property
    def repeated(self) -> bool:
        """Whether the same form had already done it."""
        return self.entry is not None

    @property
    def ok(self) -> bool:
        """Whether it is done (now, or by an earlier press of the same button)."""
        return self.error is None

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.error.http_status if self.error else 200


def signed_in(view: View) -> View:
    """Only for those who have logged in. What a form sends after a login has run out is not lost in a redirect."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            page = "_login_expired.html" if asked_by_script(request) else "403_login.html"
            return render(request, page, {"request_id": current_request_id()}, status=403)
        return redirect_to_login(request.get_full_path())

    return guarded


def new_key() -> str:
    """A key for a form: the act it carries happens once, however often it is sent."""
    return uuid.uuid4().hex


def actor_of(request: HttpRequest, at: datetime | None = None) -> Actor:
    """The actor of a request by a person who has logged in; read once a request where no moment is asked for."""
    user = request.user
    if not isinstance(user, User):
        raise TypeError("an actor has logged in")
    known: Actor | None = getattr(request, "known_actor", None)
    if known is not None and at is None and known.ref == user.ref:
        return known
    actor = actor_for(user, at or clock.now())
    request.known_actor = actor  # type: ignore[attr-defined]
    return actor


def perform(request: HttpRequest, act: str, subject: str, run: Callable[[Actor, datetime], Any]) -> Outcome:
    """Run an act for a posted form: `run(actor, at)`. A refusal is logged and comes back as words, never as a crash.

    act, subject: what was tried and on what, for the security log.
    """
    at = clock.now()
    actor = actor_of(request, at)
    outcome = Outcome()

    def once() -> None:
        outcome.result = run(actor, at)

    try:
        outcome.entry = requests.once(actor, _key_of(request, act, subject), once)
    except DomainError as error:
        outcome.error = error
    except TransitionNotAllowed:
        outcome.error = Conflict("wrong_state", _("现在的状态不允许这样做，请刷新页面。"))
    except OperationalError:  # nobody refused: nothing for the security log, which could not be written now either
        outcome.error = Conflict("busy", _("系统正忙，没有保存；您填写的内容还在，请再按一次。"))
        return outcome
    if isinstance(outcome.error, BadInput):
        outcome.by_field = {item.field: item.message for item in outcome.error.errors}
    if outcome.error is not None:
        security.refused(actor, act, subject, outcome.error, at=at)
    return outcome


def repeated(request: HttpRequest, act: str, subject: str) -> Outcome | None:
    """What became of this very form where it was already sent and done; None where it was not.

    For a form that cannot be read any more, because the act it carried took its choices away.
    """
    key = _key_of(request, act, subject)
    try:
        entry = requests.earlier(actor_of(request), key) if key else None
    except Conflict:
        return None
    return Outcome(entry=entry) if entry else None


def key_of(request: HttpRequest) -> str | None:
    """The idempotency key a form came with; None where there is none, or what stands there is no key."""
    key = request.POST.get("idempotency_key", "")
    return key if KEY.fullmatch(key) else None


def _key_of(request: HttpRequest, act: str, subject: str) -> requests.Key | None:
    key = key_of(request)
    if key is None:
        return None
    content = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
    return requests.Key(key, requests.fingerprint([act, subject, content]))
