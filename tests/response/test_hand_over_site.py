"""The site of a forest fire: mop-up, watch, inspection and hand-over, signed; closing waits for it (5.5.2, 2.3.2)."""

import pytest
from django.urls import reverse

from response.actions import decisions, endings, incidents, reviews
from response.actions.incidents import Call
from response.actions.reviews import Signed
from response.models import Incident, Paper
from shuozhou_ops.errors import BadInput, Conflict
from tests.cast import NOON, fresh, hand_in_every_paper, minutes, person, verbs
from tests.response.web import WebCase, logged_in, text_of

SITE = "5.5.2"


def a_fire_under_review(level: int = 3) -> Incident:
    """A forest fire whose response at this level is over; the papers are owed."""
    call = Call(
        plan="forest_grassland_fire",
        place="右玉县杨千河乡",
        source="call",
        counties=("youyu",),
        facts={"fire_kind": "forest", "forest_area_ha": 2},
    )
    incident = incidents.log(call, actor=person("desk"), at=NOON)
    decisions.decide(incident.pk, level, actor=person("wang"), at=minutes(1), reason="扑救需要")
    for place in range(len(endings.unconfirmed(fresh(incident)))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(2), basis="前方报告")
    endings.declare(incident.pk, actor=person("wang"), at=minutes(3))
    reviews.open_review(incident.pk, actor=person("zhang"), at=minutes(4))
    return fresh(incident)


def the_form(incident: Incident) -> Paper:
    return Paper.objects.get(incident=incident, cite=SITE)


def written(paper: Paper) -> dict[str, str]:
    return dict.fromkeys(paper.sections, "已完成")


@pytest.mark.django_db
class TestSite:
    def test_closing_waits_for_it_after_level_3(self) -> None:
        incident = a_fire_under_review(3)
        form = the_form(incident)
        took = Signed(taken_over_by="省政府")
        for paper in Paper.objects.filter(incident=incident).exclude(pk=form.pk):
            reviews.submit_paper(paper.pk, written(paper), actor=person("zhang"), at=minutes(5), signed=took)
        with pytest.raises(Conflict) as refused:
            reviews.close(incident.pk, actor=person("zhang"), at=minutes(5), reason="已灭")
        assert (refused.value.code, "检查验收" in refused.value.message) == ("paper_owed", True)
        signed = Signed("赵组长", "扑救组组长", "杨千河乡政府 钱乡长")
        reviews.submit_paper(form.pk, written(form), actor=person("zhang"), at=minutes(6), signed=signed)
        reviews.close(incident.pk, actor=person("zhang"), at=minutes(7))
        assert fresh(incident).status == "closed"

    @pytest.mark.parametrize("level", [2, 1])
    def test_it_is_owed_after_the_severer_ones(self, level: int) -> None:
        assert the_form(a_fire_under_review(level)).author_name == "扑救组"

    def test_after_level_4_nobody_owes_it(self) -> None:
        assert not Paper.objects.filter(incident=a_fire_under_review(4), cite=SITE).exists()

    def test_who_took_over_has_to_be_said_and_bad_input_changes_nothing(self) -> None:
        incident = a_fire_under_review()
        form, said = the_form(incident), verbs(incident)
        for signed, field in ((Signed("赵组长", "扑救组组长"), "taken_over_by"), (Signed("赵组长"), "signed_post")):
            with pytest.raises(BadInput) as refused:
                reviews.submit_paper(form.pk, written(form), actor=person("zhang"), at=minutes(6), signed=signed)
            assert field in refused.value.fields
        assert (the_form(incident).status, verbs(incident)) == ("owed", said)

    def test_whoever_hands_it_in_signs_it_where_nobody_else_does(self) -> None:
        incident = a_fire_under_review()
        hand_in_every_paper(incident)
        zhang, form = person("zhang"), the_form(incident)
        assert (form.signed_name, form.taken_over_by) == (zhang.name, "接收人")
        assert form.signed_post in dict(zhang.post_names).values()

    def test_no_unit_owes_a_summary_of_its_own(self) -> None:
        owed = set(Paper.objects.filter(incident=a_fire_under_review()).values_list("cite", "author_name"))
        assert owed == {("6.1", "市森防办"), ("6.3", "市森防办"), ("7", "右玉县"), (SITE, "扑救组")}


class PageTests(WebCase):
    def test_it_is_signed_on_the_page_and_the_page_says_who_took_over(self) -> None:
        incident = a_fire_under_review()
        form = the_form(incident)
        self.clock_at(minutes(8))
        typed = {f"heading-{place}": "已完成" for place in range(4)}
        typed |= {"signed_name": "赵组长", "signed_post": "扑救组组长"}
        address = reverse("paper_submit", args=[form.pk])
        refused = logged_in("zhang").post(address, typed)
        self.assertEqual(refused.status_code, 400)
        self.assertIn("请写明由谁接收（按规定接收火场的单位）", text_of(refused.content.decode()))
        text = self.done(logged_in("zhang").post(address, {**typed, "taken_over_by": "杨千河乡政府"}))
        self.assertIn("扑救组组长 赵组长 · 接收：杨千河乡政府", text)
        self.assertIn("扑救组组长赵组长签名，杨千河乡政府接收", text)

    def test_a_paper_that_stays_in_the_house_asks_for_no_hand_over(self) -> None:
        page = self.page(a_fire_under_review(4), "zhang")
        self.assertEqual(page.count('name="taken_over_by"'), 1)  # the county's plan of reconstruction alone
