"""Command on the ground in sentences: who stands, who commands, what the counties do, what those above instruct."""

from django.utils.translation import gettext as _

from plans.documents import PlanDocument
from plans.labels import level_name
from response.models import Instruction
from response.models.incidents import Command

from .common import Payload, Said, Sentences, cite_of, clock_of, quoted


def _whom(payload: Payload, post: str, name: str) -> str:
    return " ".join(str(part) for part in (payload.get(post), payload.get(name)) if part)


def _stood(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "deployment": payload.get("deployment"),
        "place": payload.get("place"),
        "at": clock_of(payload.get("stood_at")),
    }
    text = _("%(deployment)s成立（%(place)s，%(at)s）") % told
    if payload.get("commander"):
        text += _("，指挥长：%s") % _whom(payload, "post", "commander")
    return text, cite_of(payload)


def _commanded(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "deployment": payload.get("deployment"),
        "who": _whom(payload, "post", "commander"),
        "before": payload.get("before") or _("无"),
    }
    text = _("%(deployment)s指挥长改为%(who)s（原：%(before)s）") % told
    return text + quoted(payload.get("reason")), cite_of(payload)


def _command(value: object) -> str:
    return str(Command(value).label) if value in Command.values else str(value)


def _handed(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "county": payload.get("county"),
        "from": _command(payload.get("from_command")),
        "to": _command(payload.get("to_command")),
        "handed": payload.get("handed_by"),
        "taken": payload.get("taken_by"),
        "where": payload.get("where"),
        "at": clock_of(payload.get("handed_at")),
    }
    text = _("%(county)s指挥权：%(from)s → %(to)s（%(handed)s移交，%(taken)s接管，%(where)s，%(at)s）") % told
    return text + quoted(payload.get("note")), cite_of(payload)


def came_with(payload: Payload) -> str:
    """What came or went with a county, in figures."""
    deployed = payload.get("deployed", {})
    parts = [_("新增任务 %d 项") % deployed["tasks"]] if deployed.get("tasks") else []
    parts += [_("解除任务 %d 项") % deployed["tasks_released"]] if deployed.get("tasks_released") else []
    parts += [_("通知 %d 个单位") % deployed["told"]] if deployed.get("told") else []
    return "：" + "，".join(parts) if parts else ""


def _added(payload: Payload, _document: PlanDocument) -> Said:
    return _("增加事发地%s") % payload.get("county") + came_with(payload) + quoted(payload.get("reason")), ""


def _dropped(payload: Payload, _document: PlanDocument) -> Said:
    return _("%s不再是事发地") % payload.get("county") + came_with(payload) + quoted(payload.get("reason")), ""


def _responded(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "county": payload.get("county"),
        "level": level_name(payload.get("level")),
        "by": payload.get("decided_by"),
        "at": clock_of(payload.get("since")),
    }
    if payload.get("level") is None:
        return _("%(county)s本级响应：未启动或已结束（%(at)s）") % told, ""
    return _("%(county)s本级%(level)s（%(by)s决定，%(at)s）") % told, ""


def _handled(payload: Payload, _document: PlanDocument) -> Said:
    lines = payload.get("lines") or [{}]
    what = "；".join(str(line.get("text")) for line in lines)
    told = {"county": payload.get("county"), "what": what, "at": clock_of(payload.get("done_at"))}
    return _("%(county)s先期处置：%(what)s（%(at)s）") % told + quoted(payload.get("note")), str(
        lines[0].get("cite", "")
    )


def _asked(payload: Payload, _document: PlanDocument) -> Said:
    told = {"who": payload.get("who") or _("市级"), "to": payload.get("to"), "text": payload.get("text")}
    return _("%(who)s向%(to)s请求支援：%(text)s") % told, ""


def _answered(payload: Payload, _document: PlanDocument) -> Said:
    told = {
        "who": payload.get("who") or _("市级"),
        "to": payload.get("to"),
        "text": payload.get("text"),
        "said": _("同意") if payload.get("granted") else _("不同意"),
        "answer": payload.get("answer"),
    }
    return _("%(to)s答复%(who)s的支援请求“%(text)s”：%(said)s，%(answer)s") % told, ""


def _instruction(payload: Payload) -> dict[str, object]:
    kind = payload.get("kind")
    label = str(Instruction.Kind(kind).label) if kind in Instruction.Kind.values else str(kind)
    return {"giver": payload.get("giver"), "kind": label, "text": payload.get("text")}


def _received(payload: Payload, _document: PlanDocument) -> Said:
    return _("收到%(giver)s%(kind)s：“%(text)s”") % _instruction(payload), cite_of(payload)


def _passed(payload: Payload, _document: PlanDocument) -> Said:
    told = _instruction(payload) | {"to": "、".join(payload.get("to", ()))}
    return _("传达%(giver)s%(kind)s到%(to)s：“%(text)s”") % told, cite_of(payload)


def _done(payload: Payload, _document: PlanDocument) -> Said:
    told = _instruction(payload) | {"result": payload.get("result")}
    return _("办结%(giver)s%(kind)s“%(text)s”：%(result)s") % told, cite_of(payload)


SENTENCES: Sentences = {
    "deployment.stood": _stood,
    "deployment.commanded": _commanded,
    "command.handed": _handed,
    "place.added": _added,
    "place.dropped": _dropped,
    "place.responded": _responded,
    "place.handled": _handled,
    "request.asked": _asked,
    "request.answered": _answered,
    "instruction.received": _received,
    "instruction.passed": _passed,
    "instruction.done": _done,
}
