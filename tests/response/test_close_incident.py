"""Closing: after a review with its papers, or without a response where no level holds."""

import pytest
from django.urls import reverse

from response.actions import decisions, endings, incidents, reviews, tasks
from response.models import Incident, Paper, Task
from shuozhou_ops.errors import BadInput, Conflict, NotAuthorised
from shuozhou_ops.journal import readers
from tests.cast import (
    NOON,
    a_response,
    an_earthquake,
    an_ended,
    fresh,
    hand_in_every_paper,
    minutes,
    open_decision,
    person,
    verbs,
)
from tests.response.web import WebCase, logged_in, text_of


class PapersTests(WebCase):
    """After the end."""

    def test_each_unit_that_took_part_owes_its_own_summary_the_county_among_them(self) -> None:
        incident = an_ended(3)
        self.done(self.post("zhang", incident, "open-review"))
        owed = set(Paper.objects.filter(incident=incident, cite="6.2").values_list("author__key", flat=True))
        self.assertLessEqual({"yingxian", "transport", "health", "commerce"}, owed)  # 6.2: whoever took part
        self.assertNotIn("audit", owed)

    def test_a_paper_half_filled_keeps_what_was_typed(self) -> None:
        incident = an_ended(3)
        self.done(self.post("zhang", incident, "open-review"))
        paper = Paper.objects.filter(incident=incident).first()
        assert paper
        answer = logged_in("zhang").post(reverse("paper_submit", args=[paper.pk]), {"heading-0": "凌晨发生"})
        self.assertEqual(answer.status_code, 400)
        self.assertIn("凌晨发生", answer.content.decode())
        self.assertIn(f"请填写“{paper.headings[1]}”", text_of(answer.content.decode()))

    def test_closing_waits_for_the_papers(self) -> None:
        incident = an_ended(3)
        self.post("zhang", incident, "open-review")
        self.assertEqual(self.post("zhang", incident, "close").status_code, 409)
        hand_in_every_paper(incident)
        self.done(self.post("zhang", incident, "close"))


@pytest.mark.django_db
class TestStillOwed:
    """Closing with a paper still owed: by the one who ended, or a superior, with a reason; it stays due."""

    def reviewing(self, ender: str = "li") -> Incident:
        incident = a_response(3)
        for place in range(len(endings.unconfirmed(incident))):
            endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
        endings.declare(incident.pk, actor=person(ender), at=NOON)
        reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(1))
        return fresh(incident)

    def close(self, incident: Incident, who: str, reason: str = "灾情轻微，先行办结") -> None:
        reviews.close(incident.pk, actor=person(who), at=minutes(5), reason=reason)

    def test_the_one_who_ended_it_gives_a_reason(self) -> None:
        incident = self.reviewing()
        said = verbs(incident)
        with pytest.raises(BadInput) as refused:
            self.close(incident, "li", reason="  ")
        assert refused.value.fields == {"reason"}
        assert verbs(incident) == said
        self.close(incident, "li")
        entry = readers.stream(incident.stream)[-1]
        assert (entry.verb, fresh(incident).closing_reason) == ("incident.closed", "灾情轻微，先行办结")
        assert len(entry.payload["owed"]) == Paper.objects.filter(incident=incident, status="owed").count()

    def test_a_superior_may_an_inferior_may_not(self) -> None:
        incident = self.reviewing()
        with pytest.raises(Conflict) as refused:
            self.close(incident, "zhang")
        assert refused.value.code == "paper_owed"
        self.close(incident, "wang")

    def test_what_a_superior_ended_the_named_one_may_not_close_early(self) -> None:
        incident = self.reviewing(ender="wang")
        with pytest.raises(Conflict):
            self.close(incident, "li")
        self.close(incident, "wang")

    def test_afterwards_it_is_handed_in_all_the_same_once(self) -> None:
        incident = self.reviewing()
        self.close(incident, "li")
        paper = Paper.objects.get(incident=incident, author__key="transport")
        content = dict.fromkeys(paper.sections, "如实填写")
        reviews.submit_paper(paper.pk, content, actor=person("transport"), at=minutes(60))
        paper.refresh_from_db()
        assert (paper.status, fresh(incident).status) == ("received", "closed")
        with pytest.raises(Conflict) as refused:
            reviews.submit_paper(paper.pk, content, actor=person("transport"), at=minutes(61))
        assert refused.value.code == "paper_settled"

    def test_another_unit_s_paper_is_nobody_else_s(self) -> None:
        incident = self.reviewing()
        self.close(incident, "li")
        paper = Paper.objects.get(incident=incident, author__key="transport")
        with pytest.raises(NotAuthorised):
            reviews.submit_paper(paper.pk, {}, actor=person("health"), at=minutes(60))

    def test_after_care_outlives_the_closing(self) -> None:
        incident = self.reviewing()
        hand_in_every_paper(incident)
        self.close(incident, "li")
        task = Task.objects.filter(incident=incident, phase="aftercare", unit__key="yingxian").first()
        assert task
        tasks.accept(task.pk, actor=person("yingxian"), at=minutes(60))
        tasks.report(task.pk, "重建已开工", actor=person("yingxian"), at=minutes(70))
        tasks.finish(task.pk, "", actor=person("yingxian"), at=minutes(80))
        task.refresh_from_db()
        assert task.status == "done"


class StillOwedPageTests(WebCase):
    """What the pages say of it."""

    def setUp(self) -> None:
        super().setUp()
        self.incident = TestStillOwed().reviewing()

    def test_the_page_asks_the_one_who_ended_for_a_reason_and_tells_the_office_whose_it_is(self) -> None:
        self.assertIn("须由宣布结束的人或其上级写明理由", self.text(self.incident, "zhang"))
        mine = self.text(self.incident, "li")
        self.assertIn("材料未齐，先行办结：仍欠", mine)
        refused = self.post("li", self.incident, "close", reason="")
        self.assertEqual(refused.status_code, 400)
        self.done(self.post("li", self.incident, "close", reason="灾情轻微"))

    def test_closed_it_says_what_is_owed_by_whom_since_when_and_the_author_s_desk_still_asks(self) -> None:
        self.done(self.post("li", self.incident, "close", reason="灾情轻微"))
        text = self.text(self.incident, "zhang")
        self.assertIn("市交通局《参加单位书面总结》（2026-11-24 起）", text)
        self.assertIn("；办结时仍欠：", text)
        desk = text_of(logged_in("transport").get("/").content.decode())
        self.assertIn("提交参加单位书面总结", desk)
        self.assertIn("事件已办结", desk)
        paper = Paper.objects.get(incident=self.incident, author__key="transport")
        self.assertIn(reverse("paper_submit", args=[paper.pk]), self.page(self.incident, "transport"))
        self.done(logged_in("transport").post(reverse("paper_submit", args=[paper.pk]), {"heading-0": "已抢通"}))
        self.assertNotIn("市交通局《参加单位书面总结》", self.text(self.incident, "zhang").split("办结理由")[0])
        self.assertNotIn("提交参加单位书面总结", text_of(logged_in("transport").get("/").content.decode()))

    def test_open_after_care_stays_on_the_desk_of_its_bearer(self) -> None:
        self.done(self.post("li", self.incident, "close", reason="灾情轻微"))
        task = Task.objects.filter(incident=self.incident, phase="aftercare", unit__key="yingxian").first()
        assert task
        self.assertIn(f"/tasks/{task.pk}/", logged_in("yingxian").get("/").content.decode())
        self.assertIn(f"/tasks/{task.pk}/accept/", self.page(self.incident, "yingxian"))


@pytest.mark.django_db
class TestClosing:
    """Closing without a response, where a level holds."""

    def verified(self) -> Incident:
        incident = an_earthquake()
        incidents.verify(incident.pk, actor=person("desk"), at=NOON)
        return incident

    def close(self, incident: Incident) -> None:
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(5), reason="无须响应")

    def test_refusing_a_milder_level_does_not_refuse_the_one_that_holds(self) -> None:
        incident = self.verified()
        milder = decisions.suggest(incident.pk, 4, actor=person("desk"), at=NOON, reason="影响轻微")
        decisions.refuse(milder.pk, actor=person("zhang"), at=NOON, reason="不合条件")
        with pytest.raises(Conflict) as refused:
            self.close(incident)
        assert refused.value.code == "level_holds"

    def test_nor_is_it_closed_while_a_start_waits(self) -> None:
        incident = self.verified()
        waiting = open_decision(incident)
        again = decisions.suggest(incident.pk, 3, actor=person("desk"), at=NOON)
        decisions.refuse(again.pk, actor=person("li"), at=NOON, reason="重复")
        with pytest.raises(Conflict):
            self.close(incident)
        decisions.refuse(waiting.pk, actor=person("li"), at=minutes(1), reason="误报")
        self.close(incident)
        assert fresh(incident).status == "closed"
