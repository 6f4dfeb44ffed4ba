"""What every request passes: an id that follows it everywhere, and a content security policy."""

import json
import logging
import uuid
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware
from django_htmx.middleware import HtmxDetails

_request_id: ContextVar[str] = ContextVar("request_id", default="")
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def current_request_id() -> str:
    """The id of the request being served, or '' outside one."""
    return _request_id.get()


def asked_by_script(request: HttpRequest) -> HtmxDetails | None:
    """What htmx says of a request that asks for a part of a page; None where a whole page is asked for."""
    details: HtmxDetails = request.htmx  # type: ignore[attr-defined]
    return details if details and not details.history_restore_request else None


@sync_and_async_middleware
def request_id(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Give each request an id: in log lines, journal entries, error pages and the X-Request-ID header."""

    def begin(request: HttpRequest) -> str:
        ident = uuid.uuid4().hex
        request.request_id = ident  # type: ignore[attr-defined]
        _request_id.set(ident)
        return ident

    if iscoroutinefunction(get_response):

        async def serve_async(request: HttpRequest) -> HttpResponse:
            ident = begin(request)
            answer: HttpResponse = await get_response(request)
            answer["X-Request-ID"] = ident
            return answer

        return serve_async

    def serve(request: HttpRequest) -> HttpResponse:
        ident = begin(request)
        answer: HttpResponse = get_response(request)
        answer["X-Request-ID"] = ident
        return answer

    return serve


@sync_and_async_middleware
def content_security_policy(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Everything from ourselves, nothing inline."""
    if iscoroutinefunction(get_response):

        async def serve_async(request: HttpRequest) -> HttpResponse:
            waiting: Awaitable[HttpResponse] = get_response(request)
            answer = await waiting
            answer.setdefault("Content-Security-Policy", CSP)
            return answer

        return serve_async

    def serve(request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = get_response(request)
        answer.setdefault("Content-Security-Policy", CSP)
        return answer

    return serve


class RequestIdFilter(logging.Filter):
    """Put the request id on every log record."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object a line; no personal data is ever logged."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request_id": getattr(record, "request_id", ""),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
