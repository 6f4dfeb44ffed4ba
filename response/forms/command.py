"""What is typed of command on the ground: who stands, who commands, what the counties do, what those above say."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from response.models import Instruction, SupportRequest

from . import fields
from .acts import ActForm

Choices = Iterable[tuple[str, str]]


class StandForm(ActForm):
    """A group or team stands."""

    place = fields.words(_("成立地点"), required=True, most=200, rows=1)
    stood_at = fields.moment(_("成立时间（不填即现在）"))


class CommanderForm(ActForm):
    """Who commands in the field. accounts: (login, words)."""

    name = fields.words(_("没有账号的，写姓名"), most=60, rows=1)
    post = fields.words(_("职务"), most=100, rows=1)
    phone = fields.words(_("电话"), most=30, rows=1)

    def __init__(self, *args: Any, accounts: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account = fields.choice(_("现场指挥部指挥长"), [("", _("—（没有账号）")), *accounts], required=False)
        self.fields = {"account": account, **self.fields}


class FieldForm(CommanderForm):
    """The headquarters in the field stands."""

    place = fields.words(_("成立地点"), required=True, most=200, rows=1)
    stood_at = fields.moment(_("成立时间（不填即现在）"))


class AppointForm(CommanderForm):
    """Another commands in the field."""

    reason = fields.words(_("理由"), rows=1)


class OfCounty(ActForm):
    """One county's own; the page itself sends which."""

    told_apart = "county"
    county = forms.CharField(max_length=80, widget=forms.HiddenInput)


class HandOverForm(OfCounty):
    """The command in a county passes. steps: to whom it may, (value, words)."""

    handed_by = fields.words(_("移交人（姓名、职务）"), required=True, most=100, rows=1)
    taken_by = fields.words(_("接管人（姓名、职务）"), required=True, most=100, rows=1)
    where = fields.words(_("地点"), required=True, most=200, rows=1)
    handed_at = fields.moment(_("移交时间（不填即现在）"))
    note = fields.words(_("附言"), rows=1)

    def __init__(self, *args: Any, steps: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"county": self.fields["county"], "to": fields.choice(_("移交给"), list(steps)), **self.fields}


class AddPlaceForm(ActForm):
    """One more county is touched. counties: (key, name)."""

    reason = fields.words(_("说明"), rows=1)

    def __init__(self, *args: Any, counties: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"county": fields.choice(_("县（市、区）"), list(counties)), **self.fields}


class DropPlaceForm(OfCounty):
    """A county is not touched."""

    reason = fields.words(_("理由"), required=True, rows=1)


class OwnResponseForm(OfCounty):
    """On which level a county's own response is. levels: (number, words)."""

    by = fields.words(_("由谁决定"), most=100, rows=1)
    since = fields.moment(_("时间（不填即现在）"))

    def __init__(self, *args: Any, levels: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("未启动或已结束")), *levels]
        level = fields.choice(_("县级响应"), choices, required=False, coerce=int, empty_value=None)
        self.fields = {"county": self.fields["county"], "level": level, **self.fields}


class TickForm(OfCounty):
    """Lines of the early handling that a county has done. lines: (place in the plan's list, words)."""

    done_at = fields.moment(_("完成时间（不填即现在）"))
    note = fields.words(_("说明"), rows=1)

    def __init__(self, *args: Any, lines: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = _("请勾选已经办了的事项。")
        items = forms.TypedMultipleChoiceField(
            label=_("已经办了的"),
            choices=list(lines),
            coerce=int,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": wrong, "invalid_choice": wrong, "invalid_list": wrong},
        )
        self.fields = {"county": self.fields["county"], "items": items, **self.fields}


class AskForm(OfCounty):
    """A county asks the city."""

    text = fields.words(_("请求支援的内容"), required=True, most=1000)


class AskAboveForm(ActForm):
    """The city asks those above."""

    to_name = fields.words(_("向谁请求"), required=True, most=100, rows=1)
    text = fields.words(_("请求支援的内容"), required=True, most=1000)


class AnswerForm(ActForm):
    """A request is answered; the page itself sends which."""

    told_apart = "request"
    request = fields.number_of(_("请求"))
    status = fields.choice(
        _("答复"), [(value, SupportRequest.Status(value).label) for value in ("granted", "refused")], radio=True
    )
    text = fields.words(_("答复内容"), required=True, most=1000, rows=1)


class ReceiveForm(ActForm):
    """An instruction or an opinion came in. cites: the measures that speak of it, (clause, words)."""

    kind = fields.choice(_("类别"), list(Instruction.Kind.choices), radio=True)
    giver_name = fields.words(_("谁批示或提出"), required=True, most=100, rows=1)
    giver_post = fields.words(_("职务"), most=100, rows=1)
    text = fields.words(_("内容"), required=True, most=2000)
    received_at = fields.moment(_("收到时间（不填即现在）"))

    def __init__(self, *args: Any, cites: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cite"] = fields.choice(_("条款"), [("", "—"), *cites], required=False)


class OfInstruction(ActForm):
    """Something about one instruction; the page itself sends which."""

    told_apart = "instruction"
    instruction = fields.number_of(_("批示"))


class PassOnForm(OfInstruction):
    """It is passed on. units: (key, words)."""

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"] = fields.choices(_("传达到"), list(units))


class FinishForm(OfInstruction):
    """It is done."""

    result = fields.words(_("办理结果"), required=True, most=1000)
