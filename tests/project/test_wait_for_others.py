"""What is waited for, and how long: a database that vanished shortly, a broker as long as it takes."""

import pytest
from django.conf import settings

from shuozhou_ops import celery_app


@pytest.mark.postgres
def test_a_database_that_does_not_answer_is_given_up_soon() -> None:
    assert settings.DATABASES["default"]["OPTIONS"]["connect_timeout"] <= 5


def test_a_worker_never_gives_its_broker_up() -> None:
    assert celery_app.conf.broker_connection_max_retries is None
