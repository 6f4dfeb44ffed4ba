"""The plans for programs: assessing facts, storing nothing."""

from typing import IO, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from plans import assessment, registry
from plans.facts import read_json

LARGEST_BODY = 1024 * 1024  # bytes


class TooLarge(exceptions.APIException):
    """The body is larger than any set of facts."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class BoundedJSON(BaseParser):
    """JSON of at most 1 MB. NaN and Infinity are read, so that the refusal can name the fact that has them."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The body's content. Raises TooLarge, ParseError."""
        raw = stream.read(LARGEST_BODY + 1)
        if len(raw) > LARGEST_BODY:
            raise TooLarge(_("内容超过 1 MB。"))
        try:
            return read_json(raw.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("内容不是 UTF-8 的 JSON。")) from error


class OnlyJSON(BaseContentNegotiation):
    """The answer is JSON, whatever is asked for: a client that would rather have something else still gets it."""

    def select_parser(self, request: Request, parsers: Any) -> BaseParser | None:
        """The parser for the body's type, or None."""
        kind = (request.content_type or "").split(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == kind), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> tuple[BaseRenderer, str]:
        """The one renderer."""
        return renderers[0], renderers[0].media_type


class AssessView(APIView):
    """`POST {"facts": {...}}`: what the plan says of these facts. No login: nothing is stored, nothing is secret."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (BoundedJSON,)
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = OnlyJSON

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """A body sent in chunks does not say how long it is, which the framework takes for an empty one."""
        if "HTTP_TRANSFER_ENCODING" in request.META:
            request.META["CONTENT_LENGTH"] = request.META.get("CONTENT_LENGTH") or str(LARGEST_BODY)
        return super().initialize_request(request, *args, **kwargs)

    def post(self, request: Request, plan: str) -> Response:
        """The assessment; 404 for an unknown plan, 400 for bad facts with every fault at once."""
        document = registry.in_force(plan)
        body = request.data
        facts = body.get("facts") if isinstance(body, dict) else body
        return Response(assessment.assess(document, facts).as_json())


assess = AssessView.as_view()
