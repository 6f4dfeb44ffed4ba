"""POST /api/v1/plans/{plan}/assess."""

import json

import pytest
from django.test import Client

PATH = "/api/v1/plans/earthquake/assess"
pytestmark = pytest.mark.django_db


@pytest.fixture
def post():
    """Post a body (text, bytes, or what JSON holds) as a stranger with CSRF checks on; the answer and its JSON."""
    client = Client(enforce_csrf_checks=True)

    def send(body, path=PATH, content_type="application/json", **headers):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        page = client.post(path, data=data, content_type=content_type, **headers)
        return page, json.loads(page.content)

    return send


@pytest.mark.both
def test_it_answers_without_login_or_token(post):
    page, answer = post({"facts": {"magnitude": 5.2}})
    assert page.status_code == 200
    assert page["Content-Type"] == "application/json"
    assert (answer["plan"], answer["grade"], answer["level"]) == ("earthquake", 3, 3)
    assert answer["ask_next"] == ["deaths", "missing", "density"]
    assert "附件3" in page.content.decode("utf-8")


def test_bad_facts_come_back_all_at_once_as_a_problem(post):
    page, problem = post({"facts": {"magnitude": "5", "wind": 1, "deaths": -1}})
    assert page.status_code == 400
    assert page["Content-Type"] == "application/problem+json"
    assert problem["status"] == 400
    assert {"type", "title", "status", "detail", "errors"} <= problem.keys()
    expected = [("magnitude", "wrong_type"), ("wind", "unknown_fact"), ("deaths", "too_small")]
    assert [(error["fact"], error["code"]) for error in problem["errors"]] == expected
    assert "震级" in problem["errors"][0]["message"]


def test_nan_names_its_fact(post):
    for value in ("NaN", "Infinity", "-Infinity", "1e999", "9" * 5000):
        page, problem = post('{"facts": {"magnitude": ' + value + "}}")
        assert page.status_code == 400
        assert (problem["errors"][0]["fact"], problem["errors"][0]["code"]) == ("magnitude", "not_finite")


@pytest.mark.parametrize(
    "body", ["", "{", "[" * 50_000, b"\xff\xfe", '{"facts": 1}', "[]", "{}", '{"facts": null}', "1" * 5000]
)
def test_what_is_no_set_of_facts_is_a_400(post, body):
    page, problem = post(body)
    assert page.status_code == 400
    assert page["Content-Type"] == "application/problem+json"


def test_an_unknown_plan_is_a_404(post):
    for key in ("nowhere", "%00", "%ED%A0%80"):
        page, problem = post({"facts": {}}, path=f"/api/v1/plans/{key}/assess")
        assert (page.status_code, problem["status"]) == (404, 404)
        assert page["Content-Type"] == "application/problem+json"


def test_other_methods_and_types_are_refused(client, post):
    page = client.get(PATH)
    assert (page.status_code, page["Content-Type"], page["Allow"]) == (405, "application/problem+json", "POST, OPTIONS")
    page, _ = post("facts=1", content_type="application/x-www-form-urlencoded")
    assert (page.status_code, page["Content-Type"]) == (415, "application/problem+json")


def test_a_client_that_would_rather_have_html_still_gets_json(post):
    page, answer = post({"facts": {}}, HTTP_ACCEPT="text/html")
    assert (page.status_code, answer["level"]) == (200, None)


def test_ten_megabytes_are_too_much(post):
    page, problem = post(json.dumps({"facts": {"magnitude": "9" * 10_000_000}}))
    assert (page.status_code, page["Content-Type"]) == (413, "application/problem+json")


def test_it_stores_nothing(post, django_assert_num_queries):
    post({"facts": {}})
    with django_assert_num_queries(1) as queries:
        post({"facts": {"magnitude": 5.2}})
    assert queries.captured_queries[0]["sql"].startswith("SELECT")
