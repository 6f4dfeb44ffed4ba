"""What becomes of each open task when a response is over: done, handed to the county, or dropped."""

import re

import pytest
from django.test import TestCase

from response.actions import endings, own_tasks, receipts, tasks
from response.actions.own_tasks import Given
from response.actions.settling import Settle
from response.models import Incident, Task
from shuozhou_ops.deadlines.models import Deadline
from shuozhou_ops.errors import BadInput
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import a_response, fresh, minutes, person
from tests.response.web import WebCase

pytestmark = pytest.mark.both


def confirmed(level: int = 3) -> Incident:
    """A response of which every end condition is confirmed."""
    incident = a_response(level)
    for place in range(len(endings.unconfirmed(incident))):
        endings.confirm(incident.pk, place, actor=person("zhang"), at=minutes(1), basis="各组报告")
    return fresh(incident)


class SettleTests(TestCase):
    """The action."""

    def test_each_becomes_what_was_said_and_the_rest_what_was_said_of_the_rest(self) -> None:
        incident = confirmed()
        one, two, *rest = incident.tasks.filter(status="assigned")
        settle = Settle(rest="dropped", tasks={one.pk: "done", two.pk: "handed/yingxian"})
        endings.declare(incident.pk, actor=person("li"), at=minutes(2), settle=settle)
        found = {task.pk: task for task in incident.tasks.all()}
        self.assertEqual((found[one.pk].status, found[two.pk].status), ("done", "handed"))
        self.assertEqual(found[two.pk].handed_to.key, "yingxian")  # type: ignore[union-attr]
        self.assertEqual({found[task.pk].status for task in rest}, {"released"})
        entry = readers.stream(incident.stream)[-1]
        fates = entry.payload["deployed"]["fates"]
        self.assertEqual((fates["done"], fates["handed"]), ([one.pk], {"应县": [two.pk]}))
        self.assertEqual(set(fates["dropped"]), {task.pk for task in rest})

    def test_a_county_is_told_with_a_receipt_which_tasks_went_to_it(self) -> None:
        incident = confirmed()
        one, two, *_rest = incident.tasks.filter(status="assigned")
        settle = Settle(rest="dropped", tasks={one.pk: "handed/yingxian", two.pk: "handed/yingxian"})
        endings.declare(incident.pk, actor=person("li"), at=minutes(2), settle=settle)
        told = Notice.objects.filter(stream=incident.stream, kind="release", unit__isnull=False)
        theirs = told.get(unit__key="yingxian")
        self.assertIn("移交2项任务", theirs.title)
        self.assertEqual((theirs.body, theirs.needs_receipt), (f"{one.text}；{two.text}", True))
        self.assertFalse(told.exclude(pk=theirs.pk).filter(needs_receipt=True).exists())
        receipts.acknowledge(theirs.pk, actor=person("yingxian"), at=minutes(3))

    def test_whose_ever_they_were_his_own_and_nobody_s(self) -> None:
        incident = confirmed()
        for given in (
            Given("巡查河堤", unit="transport"),
            Given("守夜", bearer="志愿者"),
            Given("值守", bearer="村民"),
        ):
            own_tasks.give(incident.pk, given, actor=person("li"), at=minutes(1))
        own = list(incident.tasks.filter(item__startswith="own/").order_by("pk"))
        fates = dict(zip((task.pk for task in own), ("done", "handed/yingxian", "dropped"), strict=True))
        endings.declare(incident.pk, actor=person("li"), at=minutes(2), settle=Settle(rest="done", tasks=fates))
        statuses = [Task.objects.get(pk=task.pk).status for task in own]
        self.assertEqual(statuses, ["done", "handed", "released"])
        self.assertFalse(incident.tasks.filter(phase="response", status__in=["assigned", "accepted"]).exists())

    def test_nobody_s_word_or_a_wrong_one_is_refused_and_nothing_changes(self) -> None:
        incident = confirmed()
        task = incident.tasks.filter(status="assigned")[0]
        for settle, field in (
            (Settle(), "rest"),
            (Settle(rest="handed/shanyin"), "rest"),
            (Settle(rest="dropped", tasks={task.pk: "lost"}), f"task-{task.pk}"),
        ):
            with self.assertRaises(BadInput) as refused:
                endings.declare(incident.pk, actor=person("li"), at=minutes(2), settle=settle)
            self.assertEqual(refused.exception.errors[0].field, field)
        self.assertEqual(fresh(incident).status, "responding")

    def test_what_was_done_meanwhile_stays_done(self) -> None:
        incident = confirmed()
        task = incident.tasks.filter(unit__key="transport", status="assigned")[0]
        tasks.finish(task.pk, "道路已抢通", actor=person("transport"), at=minutes(2))
        endings.declare(
            incident.pk, actor=person("li"), at=minutes(3), settle=Settle("dropped", {task.pk: "handed/yingxian"})
        )
        self.assertEqual(Task.objects.get(pk=task.pk).status, "done")

    @pytest.mark.unfolded("gives a task a rhythm past the actions, as no measure of this plan has one")
    def test_a_task_with_a_rhythm_comes_no_more(self) -> None:
        incident = confirmed()
        daily = Task.objects.filter(incident=incident).exclude(every="").first()
        if daily is None:
            task = incident.tasks.filter(status="assigned")[0]
            Task.objects.filter(pk=task.pk).update(every="P1D", due_at=minutes(1440))
            Deadline.objects.create(kind="again", subject=f"task/{task.pk}", due_at=minutes(1440))
            daily = Task.objects.get(pk=task.pk)
        endings.declare(incident.pk, actor=person("li"), at=minutes(2), settle=Settle(rest="handed/yingxian"))
        deadline = Deadline.objects.get(kind="again", subject=f"task/{daily.pk}")
        tasks.come_again(deadline.pk, minutes(1441))
        self.assertFalse(Task.objects.filter(incident=incident, item=daily.item, occurrence__gt=1).exists())


class EndFormTests(WebCase):
    """The form of the end asks of each open task, and chooses nothing by itself."""

    def test_nothing_is_chosen_by_itself_and_what_was_typed_stays(self) -> None:
        incident = confirmed()
        page = self.page(incident, "li")
        form = page[page.index('id="act-declare-end"') :]
        form = form[: form.index("</form>")]
        self.assertEqual(re.findall(r'name="rest"[^>]*checked', form), [])
        count = incident.tasks.filter(status="assigned").count()
        self.assertEqual(len(re.findall(r"<select", form)), count)
        answer = self.post("li", incident, "declare-end", reason="灾情已控制")
        self.assertEqual(answer.status_code, 400)
        self.assertIn(f"还有 {count} 项任务没有完成", answer.content.decode())
        self.assertIn("灾情已控制", answer.content.decode())

    def test_the_page_afterwards_says_what_became_of_them(self) -> None:
        incident = confirmed()
        task = incident.tasks.filter(unit__key="transport", status="assigned")[0]
        typed = {"rest": "dropped", f"task-{task.pk}": "handed/yingxian"}
        page = self.done(self.post("li", incident, "declare-end", **typed))
        self.assertIn("1 项任务移交应县", page)
        self.assertIn("移交应县", self.text(incident, "yingxian"))
        self.assertIn(task.text, self.text(incident, "yingxian"))
