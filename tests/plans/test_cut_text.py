"""An official text cut into the passages that a plan cites."""

import os
from pathlib import Path

import pytest

from plans import registry
from plans.documents import PlanDocument
from plans.passages import Passages
from plans.sources import Source

from .small_text import TEXT, plan


def cut(text: str = TEXT, **changes) -> Passages:
    return Passages(text, plan(**changes))


def words(cite: str, text: str = TEXT) -> list[str]:
    """The blocks of a clause's words."""
    passage = cut(text).of(cite)
    assert passage is not None
    return [block.text or str(block.rows) for block in passage.blocks]


@pytest.mark.parametrize(
    ("cite", "expected"),
    [
        ("1", ["1 总 则", "为了防住洪水,制定本预案。"]),
        ("2.1", ["2.1 指挥部", "指挥长:市政府分管副市长。", "办公室设在市水利局,下设10 个小队。"]),
        ("5.1(1)", ["（1）派出工作组,查看堤坝。"]),
        ("5.6", ["5.6 洪水退去,响应结束。"]),
        ("附件1", ["附件1", "洪涝流程图", "接报", "一、二级响应"]),
        ("附件2 市指挥部", ["市防汛指挥部主要职责：统一指挥防汛。"]),
        ("附件2 市水利局", ["市水利局", "巡查水库、堤坝。"]),
        ("附件2 市防汛办", ["市防汛办 值班。"]),
        ("附件3 二", ["二、报告", "逐级报告。"]),
        ("附件4 四级 1", ["1.雨量50毫米以上；"]),
        ("附件4 四级 2", ["2.24小时不停。"]),
        ("附件4 三级", ["符合以下情形之一时，启动三级响应：", "1.死亡3人以上。"]),
    ],
)
def test_the_words_of_a_clause(cite, expected):
    assert words(cite) == expected


def test_a_section_has_its_items_and_not_the_sections_inside_it():
    assert words("5.1")[-2:] == ["（1）派出工作组,查看堤坝。", "(2) 转移群众。"]
    assert "综合组" not in "".join(words("2.1"))


def test_a_heading_alone_has_the_words_inside_it():
    assert words("2.2") == ["2.2 工作组", "2.2.1 综合组", "负责汇总。"]
    assert words("5")[-1] == "5.6 洪水退去,响应结束。"


def test_a_clause_without_words_of_its_own_has_those_around_it():
    passages = cut()
    assert passages.missing == ("5.7",)
    for cite, around in (("5.7", "5"), ("5.2(3)", "5.2"), ("附件4 三级 9", "附件4 三级"), ("附件2 别的局", "附件2")):
        passage = passages.of(cite)
        assert passage is not None
        assert passage.cite == around
    assert passages.of("7.7") is None
    assert passages.of("解读 1") is None


def test_its_own_words_leave_out_the_clauses_inside():
    passages = cut()
    assert passages.own("5.1").text == "5.1 三级\n指挥长启动三级响应。\n重点做好以下工作:".replace("。\n重", "。重")
    assert "注：以上含本数。" in passages.own("附件4").text
    assert "雨量" not in passages.own("附件4").text


def test_columns_are_left_alone_where_their_numbers_do_not_fit():
    passages = cut(TEXT.replace("2.24小时不停。", "两天不停。"))
    assert {cite for cite in passages.missing if cite.startswith("附件4")} == {
        *("附件4 四级", "附件4 四级 1", "附件4 四级 2", "附件4 三级", "附件4 三级 1")
    }


def test_markdown_reads_the_same():
    text = "".join(
        f"## {line}\n" if Source(line).places or line.startswith("附件") else f"{line}\n" for line in TEXT.splitlines()
    )
    assert "## 附件2" in text
    assert "## 5.1 三级" in text
    assert cut(text).missing == cut().missing
    assert words("附件2 市防汛办", text) == words("附件2 市防汛办")


def test_a_table_stays_a_table():
    table = "附件2\n职责\n|单位|职责|\n|---|:--:|\n|市水利局|巡查<b>|\n|市防汛办|值班|\n"
    text = TEXT[: TEXT.index("附件2\n")] + table
    passage = cut(text).of("附件2 市水利局")
    assert passage is not None
    assert [block.rows for block in passage.blocks] == [(("市水利局", "巡查<b>"),)]


def test_anything_at_all_can_be_cut():
    for text in ("", "\n\n", "附件2", "附件2\n附件2\n", "1 总则", "5.1", "(1)", "|||\n|-|\n", "成\n员\n"):
        for passage in cut(text).found.values():
            assert passage.text


def the_texts() -> dict[str, str]:
    """The official texts in the folder that PLAN_TEXTS names, by the key of their plan."""
    found = {}
    for path in sorted(Path(os.environ["PLAN_TEXTS"]).iterdir()):
        source = Source(path.read_text(encoding="utf-8-sig"))
        borne = {key: source.place_of(registry.from_library(key).document) for key in registry.library_keys()}
        if bearing := [key for key, place in borne.items() if place >= 0]:
            found[min(bearing, key=borne.__getitem__)] = source.text
    return found


def columns(document: PlanDocument) -> set[str]:
    """The steps of the warning scales: columns of a table whose cells bear no numbers throughout."""
    parts = {item.cite: item.cite.partition(" ")[2] for item in document.outline}
    steps = [step.name for warning in document.warnings for step in warning.steps]
    return {cite for cite, part in parts.items() if part and any(step.startswith(part) for step in steps)}


@pytest.mark.texts
def test_every_clause_of_the_official_texts_is_found_but_the_columns_of_the_warnings():
    texts = the_texts()
    assert texts
    for key, text in texts.items():
        document = registry.from_library(key)
        passages = Passages(text, document)
        assert set(passages.missing) <= columns(document), key
        for cite, passage in passages.found.items():
            first = passage.text.replace(" ", "").replace("（", "(").replace("）", ")")
            number = cite.split("(")[-1].rstrip(")").split(" ")[-1] if "(" in cite or cite[-1].isdigit() else ""
            assert first.lstrip("(附件").startswith(number.lstrip("附件")), (key, cite, first[:20])
            assert all(block.text or block.rows for block in passage.blocks), (key, cite)
