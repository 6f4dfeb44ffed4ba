"""The same process with Redis between beat and worker."""

from pathlib import Path

import pytest
from django.conf import settings

from tests.server import Server

pytestmark = pytest.mark.redis


def test_the_sweep_is_woken_through_redis(tmp_path: Path) -> None:
    server = Server(tmp_path, REDIS_URL=settings.REDIS_URL)
    server.start()
    server.plant_overdue("nobodys")
    try:
        assert "nobodys" in server.expect(r".*shuozhou_ops\.deadlines\.sweeping.*")
    finally:
        server.stop()
