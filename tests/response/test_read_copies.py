"""An information copy can be read: by its unit, and all of them by those who see the whole (解读 18)."""

import pytest

from shuozhou_ops.notices.models import Notice
from tests.cast import a_response
from tests.response.web import WebCase


class CopyTests(WebCase):
    """At level 4 most members of the headquarters only get a copy."""

    def test_the_unit_reads_its_own_and_no_other(self) -> None:
        incident = a_response(4)
        copies = Notice.objects.filter(stream=incident.stream, needs_receipt=False)
        self.assertTrue(copies.filter(unit__key="transport").exists())
        page = self.text(incident, "transport")
        self.assertEqual(page.count("：启动四级响应"), copies.filter(unit__key="transport").count())
        self.assertIn("告知您的", page)

    def test_those_who_see_the_whole_read_to_whom_they_went(self) -> None:
        incident = a_response(4)
        count = Notice.objects.filter(stream=incident.stream, needs_receipt=False).count()
        page = self.text(incident, "zhang")
        self.assertIn(f"告知 {count} 份，不需签收", page)
        self.assertRegex(page, r"启动四级响应 5.3.1 市交通局 · \d\d-\d\d")

    @pytest.mark.unfolded("takes notices away past the actions")
    def test_without_copies_nothing_is_said(self) -> None:
        incident = a_response(4)
        Notice.objects.filter(stream=incident.stream, needs_receipt=False).delete()
        self.assertNotIn("不需签收", self.text(incident, "zhang"))
