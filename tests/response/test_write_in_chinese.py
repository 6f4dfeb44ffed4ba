"""What is written down is Chinese, whatever language the one who pressed reads."""

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from response.actions import decisions, endings
from response.models import FactReport
from shuozhou_ops.journal import readers
from shuozhou_ops.notices.models import Notice
from tests.cast import NOON, an_earthquake, open_decision, person

pytestmark = pytest.mark.django_db
IN_ENGLISH = {"启动": "Start", "结束": "End", "群众来电": "Phone call", "降低至": "Lower to"}


def test_notices_reports_and_entries_of_an_english_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = trans_real.translation("en")._catalog
    for chinese, english in IN_ENGLISH.items():
        monkeypatch.setitem(catalogue._catalogs[0], chinese, english)
    with translation.override("en"):
        incident = an_earthquake()
        decisions.approve(open_decision(incident).pk, actor=person("li"), at=NOON)
        decisions.decide(incident.pk, 4, actor=person("li"), at=NOON, reason="灾情减轻")
        for place in range(5):
            endings.confirm(incident.pk, place, actor=person("zhang"), at=NOON, basis="各组报告")
        endings.declare(incident.pk, actor=person("li"), at=NOON)
    said = "".join(Notice.objects.filter(stream=incident.stream).values_list("title", flat=True))
    said += "".join(FactReport.objects.filter(incident=incident).values_list("source", flat=True))
    said += "".join(entry.set_json + entry.payload_json for entry in readers.stream(incident.stream))
    for chinese, english in IN_ENGLISH.items():
        assert english not in said
        assert chinese in said
