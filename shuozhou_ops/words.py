"""Taking words that a person typed: trimmed, not too long, nothing invisible in them."""

import unicodedata
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from shuozhou_ops.errors import BadInput, FieldError

KEPT = "\n\t"


def official(text: Any) -> str:
    """A label as it is written down: in the language of the papers, not in that of whoever pressed the button."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(text)


def fault(field: str, text: str, *, most: int, needed: bool = False) -> FieldError | None:
    """What is wrong with a text, or None. most: characters."""
    if needed and not text.strip():
        return FieldError(field, "empty", _("这一项必须填写。"))
    if len(text.strip()) > most:
        return FieldError(field, "too_long", _("最多 %(most)s 个字。") % {"most": most})
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in KEPT + "\r" for sign in text):
        return FieldError(field, "invisible", _("含有不能保存的控制字符。"))
    return None


def take(field: str, text: str, *, most: int, needed: bool = False) -> str:
    """The text, trimmed. Raises BadInput naming the field."""
    wrong = fault(field, text, most=most, needed=needed)
    if wrong:
        raise BadInput([wrong])
    return text.strip().replace("\r\n", "\n")
