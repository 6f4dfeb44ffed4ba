"""Whether a plan holds together, and covers its official text without copying it."""

from unittest import TestCase

from plans import checking
from plans.organisations import directory
from plans.sources import Source

from .small_plan import plan, tree

TEXT = """试政办发〔2026〕1号
2 指挥体系
2.1 指挥部
由市水利局牵头。
2.2.1 综合组
汇总情况。
5.1 三级
符合条件的启动。
（1）派出工作组前往灾区指导
抢险救灾并且随时掌握灾情发展变化和救援
5.0-6.0级的不算一条
5.2 四级
5.6 结束
5.10 人员安置
附件1
流程图
一、二、三级响应
附件3
一、条件
附件 4)。
"""


def findings(source=None, **changes):
    return checking.check(plan(**changes), directory(), source)


class AloneTests(TestCase):
    def test_an_unknown_unit_is_a_warning_and_no_more(self):
        found = findings()
        self.assertEqual([finding.severity for finding in found], ["warning"])
        self.assertIn("市防汛办", found[0].message)

    def test_a_cite_that_the_outline_lacks(self):
        outline = [item for item in tree()["outline"] if item["cite"] != "5.6"]
        found = [finding for finding in findings(outline=outline) if finding.severity == "error"]
        self.assertEqual([finding.path for finding in found], ["ending[0].conditions[0].cite"])

    def test_a_reading_of_the_plans_own_needs_no_line_of_the_outline(self):
        ending = tree()["ending"]
        ending[0]["conditions"][0]["cite"] = "解读 1"
        self.assertEqual([f for f in findings(ending=ending) if f.severity == "error"], [])
        ending[0]["conditions"][0]["cite"] = "解读 2"
        self.assertEqual(len([f for f in findings(ending=ending) if f.severity == "error"]), 1)

    def test_a_fact_that_nothing_uses(self):
        facts = [*tree()["facts"], {"name": "wind", "type": "number", "label": {"zh": "风"}}]
        self.assertIn("wind", [f for f in findings(facts=facts) if f.severity == "error"][0].message)
        scope = [{"text": "有风", "cite": "1", "when": {"fact": "wind", "at_least": 1}}]
        self.assertEqual([f for f in findings(facts=facts, scope=scope) if f.severity == "error"], [])

    def test_a_joint_of_nothing(self):
        scope = [{"text": "x", "cite": "1", "when": {"any": [{"all": []}]}}]
        self.assertIn("scope[0].when", [finding.path for finding in findings(scope=scope)])


class AgainstTextTests(TestCase):
    def test_the_numbered_paragraphs_of_a_text(self):
        cites = [paragraph.cite for paragraph in Source(TEXT).paragraphs]
        self.assertEqual(cites, ["2.1", "2.2.1", "5.1", "5.1(1)", "5.2", "5.6", "5.10", "附件3 一"])

    def test_a_paragraph_neither_cited_nor_set_aside(self):
        found = [finding.path for finding in findings(Source(TEXT)) if finding.severity == "error"]
        self.assertEqual(found, ["5.10", "附件3 一"])
        outline = [*tree()["outline"], {"cite": "5.10", "heading": "安置"}, {"cite": "附件3 一", "heading": "条件"}]
        aside = [{"cite": "5.10", "why": "空"}, {"cite": "附件3 一", "why": "表"}]
        found = findings(Source(TEXT), outline=outline, unmodelled=aside)
        self.assertEqual([finding for finding in found if finding.severity == "error"], [])

    def test_twenty_five_characters_in_a_row_are_a_copy(self):
        copied = "前往灾区，指导抢险救灾；并且随时掌握灾情发展变化和救援"
        for text, fails in ((copied, True), (copied[:-1], False)):
            levels = tree()["levels"]
            levels[0]["measures"][0]["text"] = text
            found = [f.path for f in findings(Source(TEXT), levels=levels) if "照抄" in f.message]
            with self.subTest(text):
                self.assertEqual(found, ["levels[0].measures[0].text"] if fails else [])

    def test_names_do_not_count_as_copied(self):
        text = "市水利局、市应急局、市气象局、市卫健委、市公安局、市交通局配合"
        duties = [{"unit": "市水利局", "text": text, "cite": "附件3"}]
        found = findings(Source(TEXT + text), duties=duties)
        self.assertEqual([f for f in found if "照抄" in f.message], [])

    def test_a_number_is_found_whatever_the_spaces(self):
        self.assertTrue(Source("试政办发〔2026〕\n 1 号").has("试政办发〔2026〕1号"))
