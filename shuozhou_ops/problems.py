"""What the API answers when something is refused: `application/problem+json` (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed
from rest_framework import exceptions
from rest_framework.response import Response

from .errors import BadFacts, BadInput, Conflict, DomainError, NotAuthorised

MEDIA_TYPE = "application/problem+json"


def exception_handler(error: Exception, _context: dict[str, Any]) -> Response | None:
    """The answer to a refusal; None where it is none, so that it shows as the fault it is."""
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    if isinstance(error, Http404):
        error = DomainError("not_found", _("没有这一项。"))
        error.http_status = HTTPStatus.NOT_FOUND
    elif isinstance(error, PermissionDenied):
        error = NotAuthorised("not_authorised", str(error) or _("没有权限。"))
    elif isinstance(error, TransitionNotAllowed):
        error = Conflict("wrong_state", _("当前状态不允许这一步。"))
    return _of_domain(error) if isinstance(error, DomainError) else None


def problem(status: int, code: str, detail: str, errors: list[dict[str, Any]], headers: dict[str, str]) -> Response:
    """One problem: `{type, title, status, detail, errors}`."""
    content = {
        "type": f"urn:shuozhou-ops:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": int(status),
        "detail": detail,
        "errors": errors,
    }
    return Response(content, status=status, content_type=MEDIA_TYPE, headers=headers)


def _of_domain(error: DomainError) -> Response:
    name = "fact" if isinstance(error, BadFacts) else "field"
    faults = error.errors if isinstance(error, BadInput) else []
    errors = [{name: fault.field or None, "code": fault.code, "message": fault.message} for fault in faults]
    return problem(error.http_status, error.code, error.message, errors, {})


def _of_framework(error: exceptions.APIException) -> Response:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    errors = []
    if isinstance(error, exceptions.ValidationError) and isinstance(error.detail, dict):
        errors = [
            {"field": field, "code": getattr(fault, "code", "invalid"), "message": str(fault)}
            for field, faults in error.detail.items()
            for fault in (faults if isinstance(faults, list) else [faults])
        ]
    detail = "；".join(fault["message"] for fault in errors) or str(error.detail)
    return problem(error.status_code, str(error.get_codes() if not errors else "invalid"), detail, errors, headers)
