"""Whoever starts the server, every line of the log is one JSON object."""

import json
import logging
import logging.config

import pytest
import uvicorn.config
from django.conf import settings


def test_what_uvicorn_says_is_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(uvicorn.config.LOGGING_CONFIG)  # as its own command line does before it loads us
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("uvicorn.error").error("Exception in ASGI application")
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["Exception in ASGI application"]
