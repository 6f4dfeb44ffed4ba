"""The end and what follows in sentences."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response.models.decisions import Manner

from .common import Payload, Said, Sentences, cite_of, quoted, set_going, spoken_of


def _ended(payload: Payload, document: PlanDocument) -> Said:
    level = level_name(payload.get("from"))
    text = _("宣布结束%(level)s") % {"level": level}
    if payload.get("manner") == Manner.CONTINUED:
        text = _("预案选错，%(level)s转入%(into)s") % {"level": level, "into": payload.get("into")}
    return spoken_of(payload) + _with_what_follows(text, payload, document), cite_of(payload)


def _dismissed(payload: Payload, document: PlanDocument) -> Said:
    text = _("排除：没有发生事件，撤销%(level)s") % {"level": level_name(payload.get("from"))}
    return _with_what_follows(text, payload, document), cite_of(payload)


def _with_what_follows(text: str, payload: Payload, document: PlanDocument) -> str:
    going = "；".join(part for part in (set_going(payload, document), _fates(payload)) if part)
    return text + (_("：%s") % going if going else "") + quoted(payload.get("reason"))


def _fates(payload: Payload) -> str:
    """What became of the tasks that stood open, but for those dropped, which are among what is released."""
    fates = payload.get("deployed", {}).get("fates", {})
    done = len(fates.get("done", ()))
    told = [_("认定 %d 项任务已完成") % done] if done else []
    told += [
        _("%(count)d 项任务移交%(county)s") % {"count": len(tasks), "county": county}
        for county, tasks in fates.get("handed", {}).items()
    ]
    return "、".join(told)


def _confirmed(payload: Payload, _document: PlanDocument) -> Said:
    told = {"condition": payload.get("condition"), "basis": payload.get("basis")}
    return _("确认结束条件“%(condition)s”，依据：%(basis)s") % told, cite_of(payload)


def _review(payload: Payload, _document: PlanDocument) -> Said:
    return _("开展评估总结，应交材料 %d 份") % len(payload.get("papers", [])), ""


def _paper(payload: Payload, _document: PlanDocument) -> Said:
    text = _("收到%(author)s提交的《%(paper)s》") % {"author": payload.get("author"), "paper": payload.get("paper")}
    if payload.get("signed_name"):
        text += _("，%(post)s%(name)s签名") % {"post": payload.get("signed_post"), "name": payload["signed_name"]}
    if payload.get("taken_over_by"):
        text += _("，%s接收") % payload["taken_over_by"]
    return text, cite_of(payload)


SENTENCES: Sentences = {
    "response.ended": _ended,
    "response.dismissed": _dismissed,
    "end.confirmed": _confirmed,
    "review.opened": _review,
    "paper.received": _paper,
}
