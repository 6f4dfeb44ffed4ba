"""Every entry of an incident has its sentence."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from plans import registry
from response import timeline
from response.actions import decisions, facts, receipts, reviews, tasks, teams
from response.models import Deployment, Incident, LevelDecision, Task
from shuozhou_ops.journal import readers
from shuozhou_ops.journal.models import Entry
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, a_response, an_earthquake, an_ended, minutes, open_decision, person

pytestmark = pytest.mark.django_db


def said(incident: Incident) -> dict[str, timeline.Line]:
    """The last line of each verb."""
    document = registry.in_force("earthquake")
    return {entry.verb: timeline.line(entry, document) for entry in readers.stream(incident.stream)}


def test_no_verb_of_the_actions_is_without_a_sentence() -> None:
    verbs = set()
    for path in (Path(settings.BASE_DIR) / "response" / "actions").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z]+", str(node.value)):
                verbs.add(str(node.value))
    assert {"level.started", "task.done", "receipt.overdue"} <= verbs
    assert verbs <= timeline.SENTENCES.keys()


def test_each_kind_of_the_filter_has_verbs_and_every_verb_a_kind() -> None:
    prefixes = tuple(prefix for kind in timeline.OF_KIND.values() for prefix in kind)
    assert all(verb.startswith(prefixes) for verb in timeline.SENTENCES)


def test_a_start_says_what_it_set_going_and_by_which_clause() -> None:
    line = said(a_response(3))["level.started"]
    assert re.match(
        r"已启动三级响应：1 个指挥部、1 个现场指挥部、10 个工作组、\d+ 项任务，通知 \d+ 个单位", line.sentence
    )
    assert (line.by, line.post, line.cite) == ("李副市长", "分管副市长", "5.3.2")


def test_another_level_than_the_table_is_said_with_its_reason() -> None:
    incident = an_earthquake()
    decisions.decide(incident.pk, 2, actor=person("wang"), at=NOON, reason="临近学校")
    sentence = said(incident)["level.started"].sentence
    assert "预案条件为三级响应" in sentence
    assert sentence.endswith("，临近学校")


def test_the_chain_is_said_step_by_step() -> None:
    incident = an_earthquake()
    decisions.propose(open_decision(incident).pk, actor=person("zhang"), at=NOON)
    decisions.refuse(open_decision(incident).pk, actor=person("li"), at=NOON, reason="震感轻微")
    decisions.suggest(incident.pk, 2, actor=person("desk"), at=NOON, reason="余震频繁")
    lines = said(incident)
    assert lines["level.proposed"].sentence == "向指挥长报请启动三级响应"
    assert lines["level.refused"].sentence == "不批准启动三级响应，震感轻微"
    assert lines["level.suggested"].sentence == "建议启动二级响应，余震频繁"


def test_facts_are_said_with_what_they_were_before() -> None:
    incident = an_earthquake()
    facts.report(incident.pk, {"deaths": 3}, actor=person("desk"), at=NOON, source="县")
    facts.report(incident.pk, {"deaths": 7, "magnitude": None}, actor=person("desk"), at=NOON, source="县")
    assert (
        said(incident)["fact.reported"].sentence == "报告情况（未核实）：死亡人数 3人 → 7人、震级 5.2 → 撤回；来源：县"
    )


def test_tasks_and_receipts_are_said_with_words_and_clause() -> None:
    incident = a_response(3)
    task = Task.objects.filter(incident=incident, unit__key="transport").first()
    assert task
    tasks.accept(task.pk, actor=person("transport"), at=NOON)
    tasks.report(task.pk, "抢通一半", actor=person("transport"), at=NOON)
    tasks.decline(task.pk, "缺设备", actor=person("transport"), at=NOON)
    tasks.finish(task.pk, "", actor=person("transport"), at=NOON)
    notice = Notice.objects.get(stream=incident.stream, unit__key="transport")
    receipts.acknowledge(notice.pk, actor=person("transport"), at=NOON)
    lines = said(incident)
    assert lines["task.reported"].sentence == f"{task.bearer} 报告任务进展“{task.text}”：抢通一半"
    assert lines["task.cannot"].sentence.endswith("：缺设备")
    assert lines["task.done"].sentence == f"{task.bearer} 完成任务“{task.text}”"
    assert lines["task.accepted"].cite == task.cite
    assert lines["notice.received"].sentence.startswith("市交通局 签收通知：")


def test_a_named_lead_is_said_without_the_phone() -> None:
    incident = a_response(4)
    team = Deployment.objects.get(incident=incident, kind="team")
    named = teams.Named("lead", person_name="高队长", person_post="救援科科长", person_phone="13800000000")
    teams.seat(team.pk, named, actor=person("zhang"), at=NOON)
    assert said(incident)["deployment.seated"].sentence == "联合工作组：指定救援科科长 高队长为组长"


def test_the_end_says_what_it_released_and_gave() -> None:
    incident = an_ended(3)
    reviews.open_review(incident.pk, actor=person("zhang"), at=NOON)
    lines = said(incident)
    assert re.search(
        r"宣布结束三级响应：解除 .*10 个工作组、\d+ 项任务；交办善后任务 \d+ 项", lines["response.ended"].sentence
    )
    assert lines["end.confirmed"].sentence.endswith("，依据：各组报告")
    assert re.fullmatch(r"开展评估总结，应交材料 \d+ 份", lines["review.opened"].sentence)


def test_a_lowering_says_what_it_released() -> None:
    incident = a_response(3)
    decisions.decide(incident.pk, 4, actor=person("li"), at=minutes(5), reason="灾情减轻")
    assert LevelDecision.objects.filter(incident=incident, kind="lower").exists()
    assert "已降低至四级响应：解除 1 个现场指挥部、10 个工作组" in said(incident)["level.lowered"].sentence


def test_a_verb_nobody_knows_shows_as_itself() -> None:
    entry = Entry(verb="moon.risen", payload_json="{}", at="2026-11-24T04:00:00.000000Z")
    line = timeline.line(entry, registry.in_force("earthquake"))
    assert (line.sentence, line.by, line.cite) == ("moon.risen", "", "")


def test_no_sentence_shows_a_gap() -> None:
    for incident in (an_ended(3), an_earthquake(counties=(), magnitude=5.0), a_response(4)):
        for line in said(incident).values():
            assert "None" not in line.sentence
            assert "%" not in line.sentence
            assert line.sentence.strip("：；、") == line.sentence
