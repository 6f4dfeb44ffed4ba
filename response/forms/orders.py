"""What is typed to write down a spoken order."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from response.actions.orders import BY_MOUTH
from response.actions.settling import REST, Settle
from response.models import DecisionStep

from . import fields
from .acts import BY_MOUTH_FIRST, LevelForm
from .settling import rest_field

END = 0  # in the place of a level: the end of the response
MEANS = [(value, DecisionStep.Means(value).label) for value in BY_MOUTH_FIRST if value in BY_MOUTH]
People = Sequence[tuple[str, list[tuple[int, str]]]]  # by post: account, name


class OrderForm(LevelForm):
    """A spoken order: who gave it, what, when, by what means, in what words, who heard it. `to_level` None: the end.

    givers: who may decide some level now, by post; witnesses: those with an account who may have heard it.
    left, counties: how many tasks an end leaves open, and to whom they may be handed (key, name).
    """

    words = fields.words(gettext_lazy("原话"), rows=2)

    def __init__(
        self,
        *args: Any,
        givers: People = (),
        witnesses: Iterable[tuple[int, str]] = (),
        left: int = 0,
        counties: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        giver = fields.choice(_("谁下达的"), [("", "—"), *givers], coerce=int)
        witness = fields.choice(_("见证人（有账号的）"), [("", "—"), *witnesses], required=False, coerce=int)
        said_at = fields.moment(_("下达时间"), required=True)
        means = fields.choice(_("方式"), MEANS)
        name = fields.words(_("见证人姓名（没有账号的）"), most=100, rows=1)
        asked = {"giver": giver, "to_level": self.fields.pop("to_level"), "said_at": said_at, "means": means}
        heard: dict[str, forms.Field] = {"witness": witness, "witness_name": name}
        if left:
            heard = {REST: rest_field(_("结束的，其余任务（共 %d 项没有完成）") % left, counties), **heard}
        self.fields = {**asked, **heard, "words": self.fields.pop("words"), **self.fields}

    def clean(self) -> dict[str, Any]:
        """With None for the end, and for no witness."""
        typed = super().clean()
        rest = typed.pop(REST, "") or ""
        if typed.get("to_level") == END:
            typed |= {"to_level": None, "settle": Settle(rest=rest)}
        return {**typed, "witness": typed.get("witness") or None}
