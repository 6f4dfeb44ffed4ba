"""Showing a refusal where the button was pressed: the same page again, the refusal on top, what was typed kept."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from shuozhou_ops.accounts.acting import Outcome
from shuozhou_ops.errors import DomainError

FORM_GONE = ("task_settled", "not_bearer")  # refusals after which a task has no form on any page


@dataclass(frozen=True)
class Refusal:
    """One refused act: why, on what (`task/12`), and what was typed."""

    error: DomainError
    subject: str = ""
    typed: str = ""
    plan_key: str = ""

    @property
    def task(self) -> int | None:
        """The task it is about."""
        kind, _slash, pk = self.subject.partition("/")
        return int(pk) if kind == "task" else None

    @property
    def homeless(self) -> list[tuple[str, str]]:
        """The words that were typed, by label, where the form they were typed into is gone."""
        gone = self.error.code in FORM_GONE and self.typed.strip()
        return [(_("情况"), self.typed)] if gone else []


def see_other(address: str) -> HttpResponseRedirect:
    """On to the page that shows what was done: 303, so that going back repeats nothing."""
    answer = HttpResponseRedirect(address)
    answer.status_code = 303
    return answer


PAGES = ("desk", "incident")  # those that have a button to come back to


def own_page(request: HttpRequest, otherwise: str) -> str:
    """Where to go next: the posted `next` where it is a page with such a button, else `otherwise`."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) or not wanted.startswith("/"):
        return otherwise
    try:
        page = resolve(wanted.partition("#")[0].partition("?")[0])
    except Resolver404:
        return otherwise
    return wanted if page.view_name in PAGES else otherwise


def answer(request: HttpRequest, outcome: Outcome, address: str, refusal: dict[str, Any]) -> HttpResponse:
    """Go on to `address`, or show that page with the refusal and its status. refusal: the fields of a Refusal."""
    if outcome.error is None:
        return see_other(address)
    path, _mark, query = address.partition("#")[0].partition("?")
    page = resolve(path)
    request.method = "GET"
    request.GET = QueryDict(query)
    request.refusal = Refusal(outcome.error, **refusal)  # type: ignore[attr-defined]
    try:
        shown: HttpResponse = page.func(request, *page.args, **page.kwargs)
    except Http404:
        return see_other("/")
    if shown.status_code == 200:
        shown.status_code = outcome.status
    return shown
