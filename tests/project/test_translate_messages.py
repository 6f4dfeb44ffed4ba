"""The catalogue follows what pages and code say."""

from pathlib import Path

import polib

from shuozhou_ops import translations


def test_it_collects_from_code_and_templates(tmp_path: Path) -> None:
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "views.py").write_text(
        '_("甲")\ngettext_lazy("乙")\nngettext("%d 项", "%d 项多", n)\npgettext("动", "启动")\n'
    )
    (folder / "a.html").write_text(
        '{% translate "丙" %}{{ x|default:_("丁") }}{% blocktranslate trimmed count n=n %}\n 一{{ n }}\n'
        "{% plural %}多{{ n }}{% endblocktranslate %}{# {% translate '不' %} #}"
    )
    found = {(m.text, m.plural, m.context) for m in translations.collect(tmp_path, ["app"])}
    assert found == {
        ("甲", None, None),
        ("乙", None, None),
        ("%d 项", "%d 项多", None),
        ("启动", None, "动"),
        ("丙", None, None),
        ("丁", None, None),
        ("一%(n)s", "多%(n)s", None),
    }


def test_merging_keeps_translations_and_drops_what_nobody_says() -> None:
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="甲", msgstr="A"))
    catalogue.append(polib.POEntry(msgid="旧", msgstr="old"))
    said = [translations.Message(text, None, None, "a.py", 1) for text in ("甲", "新")]
    merged = translations.merge(catalogue, said)
    assert {entry.msgid: entry.msgstr for entry in merged} == {"甲": "A", "新": ""}
