"""The official texts that operators attached: what can be one, and the passages of the one beside a plan."""

from django.utils.translation import gettext as _

from shuozhou_ops.errors import BadInput, FieldError

from .documents import PlanDocument
from .models import OfficialText
from .passages import Passages
from .yaml_files import UNPRINTABLE

MOST_BYTES = 2_000_000
FIELD = "file"


def attached(key: str, document: PlanDocument) -> OfficialText | None:
    """The text attached last for the plan's number; one query, the text itself deferred."""
    texts = OfficialText.objects.filter(plan__key=key, number=document.document)
    return texts.defer("text").order_by("-pk").first()


def passages(text: OfficialText, document: PlanDocument) -> Passages:
    """The passages of a text beside a plan: cut once, then at hand as long as the document is."""
    sha256, cut = document.__dict__.get("_passages", ("", None))
    if sha256 != text.sha256 or cut is None:
        cut = Passages(text.text, document)
        object.__setattr__(document, "_passages", (text.sha256, cut))
    return cut


def take(data: bytes, document: PlanDocument, others: dict[str, str]) -> str:
    """The text in a file, if it can be the official text of this plan. Raises BadInput.

    others: the names of the other plans by their number, so that a text is not put beside the wrong plan.
    """
    text = _decoded(data)
    cut = Passages(text, document)
    if len(cut.found) <= len(cut.missing):
        shown = "、".join(list(cut.found)[:5]) or _("一条也没有")
        raise _refused(
            "not_this_text",
            _("这份文件不像是“%(plan)s”预案的正文：目录里 %(all)s 处条款只找到 %(found)s 处（%(shown)s）。")
            % {
                "plan": document.name,
                "all": len(cut.found) + len(cut.missing),
                "found": len(cut.found),
                "shown": shown,
            },
        )
    if not cut.source.has(document.document):
        for number, name in others.items():
            if cut.source.has(number):
                words = _("这份文件的文号是“%(other)s”，是“%(name)s”的正文；“%(plan)s”的文号是“%(number)s”。")
                told = {"other": number, "name": name, "plan": document.name, "number": document.document}
                raise _refused("other_plan", words % told)
    return text


def _decoded(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise _refused("too_long", _("文件超过 %(most)s 字节，不会是一份预案的正文。") % {"most": MOST_BYTES})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(
            "not_text",
            _("文件不是 UTF-8 文字（第 %(place)s 字节）；请另存为 UTF-8 的纯文本或 Markdown。")
            % {"place": error.start + 1},
        ) from error
    text = "\n".join(text.replace("\f", "\n").splitlines())
    if not text.strip():
        raise _refused("empty", _("文件是空的。"))
    if UNPRINTABLE.search(text):
        raise _refused("not_text", _("文件里有不能显示的字符，不是纯文本。"))
    return text


def _refused(code: str, words: str) -> BadInput:
    return BadInput([FieldError(FIELD, code, words)])
