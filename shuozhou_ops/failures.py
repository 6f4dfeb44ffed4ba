"""What a browser sees when a request cannot be served: what happened, what was kept, what to do, the request's id."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 where more was sent than a form holds."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return _page(request, "413.html", 413)
    return _page(request, "400.html", 400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - the framework names it
    """404, the same for what is not there and for what is out of sight."""
    return _page(request, "404.html", 404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the words of whoever refused."""
    return _page(request, "403.html", 403, words=str(exception))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where the form was older than the session."""
    return _page(request, "403_csrf.html", 403, words=reason)


def broken(request: HttpRequest) -> HttpResponse:
    """500. Asks nothing of the database, which may be what broke."""
    page = loader.get_template("500.html")
    return HttpResponse(page.render({"request_id": getattr(request, "request_id", "")}), status=500)


def _page(request: HttpRequest, template: str, status: int, words: str = "") -> HttpResponse:
    context = {"words": words, "request_id": getattr(request, "request_id", "")}
    return render(request, template, context, status=status)
