"""The static checks find what is planted, and leave alone what is lawful."""

from tests.checks import literals, names

KEYS = {"flood", "deaths", "police"}


def test_chinese_outside_a_translation_is_found_in_a_template() -> None:
    source = """<p>{% translate "值班台" %}</p> {# 注释 #} <!-- 注释 -->
{% blocktranslate %}共{{ n }}项{% endblocktranslate %} {{ x|default:_("无") }}
<b title="裸字">{{ y|default:"裸字" }}</b>{% comment %}注释{% endcomment %}"""
    assert [line for _, line, _ in literals.in_template(source, "a.html")] == [3, 3]


def test_chinese_outside_gettext_is_found_in_refusals_and_choices() -> None:
    source = '''"""说明"""
class Kind(models.TextChoices):
    A = "a", _("译")
    B = "b", "不译"
raise Conflict("code", _("译 %s") % name)
raise Conflict("code", f"不译{name}")
raise Conflict("code", _(f"也不译{name}"))
row.note = "照原话记下"
'''
    assert [line for _, line, _ in literals.in_code(source, "a.py")] == [4, 6, 7]


def test_a_script_takes_its_words_from_the_page() -> None:
    assert [line for _, line, _ in literals.in_script('// 注释\nlet a = "裸字"', "a.js")] == [2]


def test_a_plans_own_name_is_found_in_code_and_template() -> None:
    code = '"""Of a flood."""\nif plan == "flood" or post == "police.head": pass\n'
    assert [key for *_, key in names.in_code(code, "a.py", KEYS)] == ["flood", "police.head"]
    markup = "{# 'flood' #}{% if fact.name == 'deaths' %}{% endif %}"
    assert [key for *_, key in names.in_markup(markup, "a.html", KEYS)] == ["deaths"]


def test_the_keys_come_from_the_library() -> None:
    keys = names.library_keys(names.ROOT / "plans" / "library")
    assert {"earthquake", "magnitude", "emergency", "commander_in_chief"} <= keys


def test_every_exception_is_still_needed() -> None:
    keys = names.library_keys(names.ROOT / "plans" / "library")
    for path, word in names.MEANS_ANOTHER_THING:
        look = names.in_code if path.endswith(".py") else names.in_markup
        found = look((names.ROOT / path).read_text(encoding="utf-8"), path, keys)
        assert word in [key for *_, key in found], (path, word)
