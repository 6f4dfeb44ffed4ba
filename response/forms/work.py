"""The words that go with a task."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from shuozhou_ops.errors import BadInput, FieldError

from . import fields


class TaskWordsForm(forms.Form):
    """What a bearer says of a task; whether words are needed the act says."""

    text = fields.words(_("情况"))


def words_of(posted: QueryDict) -> str:
    """The words posted with a task. Raises BadInput with every fault."""
    form = TaskWordsForm(posted)
    if form.is_valid():
        return str(form.cleaned_data["text"])
    raise BadInput([FieldError("text", "bad_text", str(words)) for words in form.errors["text"]])
