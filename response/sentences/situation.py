"""Situation reports in sentences."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.documents import PlanDocument
from response.models import SituationReport

from .common import Payload, Said, Sentences, cite_of


def _kind(payload: Payload) -> str:
    kind = payload.get("kind")
    return str(SituationReport.Kind(kind).label) if kind in SituationReport.Kind.values else str(kind)


def _of_draft(verb: Any) -> Callable[[Payload, PlanDocument], Said]:
    """The sentence of an act on a draft: `起草续报`."""
    return lambda payload, _document: (_("%(verb)s%(kind)s") % {"verb": verb, "kind": _kind(payload)}, "")


def _sent(payload: Payload, _document: PlanDocument) -> Said:
    told = {"kind": _kind(payload), "number": payload.get("number"), "to": "、".join(payload.get("to", ()))}
    text = _("签发%(kind)s（第 %(number)s 号），报%(to)s") % told
    if over := payload.get("over"):
        text += _("，越级，未经%s") % "、".join(over)
    moved = "、".join(change_of(line) for line in payload.get("changed", ()))
    return text + (_("；比上次：%s") % moved if moved else ""), cite_of(payload)


def change_of(line: Payload) -> str:
    """One figure against the last report: `死亡人数 3人 → 5人`."""
    told = {"label": line.get("label"), "was": line.get("was"), "now": line.get("words")}
    if line.get("change") == "withdrawn":
        return _("%(label)s %(was)s（已撤回）") % told
    if line.get("change") == "changed":
        return _("%(label)s %(was)s → %(now)s") % told
    return _("%(label)s %(now)s（新）") % told


SENTENCES: Sentences = {
    "situation.drafted": _of_draft(gettext_lazy("起草")),
    "situation.edited": _of_draft(gettext_lazy("修改")),
    "situation.refreshed": _of_draft(gettext_lazy("更新数字：")),
    "situation.dropped": _of_draft(gettext_lazy("废弃草稿：")),
    "situation.sent": _sent,
}
