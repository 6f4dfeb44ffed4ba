"""Which plans there are and what each says: the version in force in the database, else that of the library."""

from collections import OrderedDict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.db import DatabaseError, connection, models
from django.utils.translation import gettext as _

from shuozhou_ops.errors import DomainError
from shuozhou_ops.journal import readers

from . import loading
from .consistency import KEY
from .documents import PlanDocument
from .facts import printable
from .models import Plan, PlanVersion

LIBRARY = Path(__file__).parent / "library"
KEPT = 64  # documents at hand in a process; another one is read again from its version
_documents: OrderedDict[str, PlanDocument] = OrderedDict()


class UnknownPlan(DomainError):
    """There is no plan of this key."""

    http_status = 404

    def __init__(self, key: str) -> None:
        super().__init__("unknown_plan", _("没有“%(key)s”这个预案。") % {"key": printable(key[:80])})


class UnknownVersion(DomainError):
    """The plan has no version of this name."""

    http_status = 404

    def __init__(self, version: str) -> None:
        super().__init__("unknown_version", _("没有“%(version)s”这个版本。") % {"version": printable(version[:100])})


def in_force(key: str) -> PlanDocument:
    """What the plan says now: one query, the text only where it is not at hand yet. Raises UnknownPlan."""
    if not KEY.fullmatch(key):
        raise UnknownPlan(key)
    loaded = _loaded(PlanVersion.objects.filter(plan__key=key).order_by("-pk")[:1])
    return document_of(loaded[0]) if loaded else from_library(key)


def version_in_force(key: str) -> PlanVersion:
    """The version in force, its text deferred. Raises UnknownPlan where nothing of this plan is loaded."""
    row = PlanVersion.objects.filter(plan__key=key).defer("document").order_by("-pk").first()
    if row is None:
        raise UnknownPlan(key)
    return row


def who_put_in(key: str) -> tuple[dict[str, str], dict[str, str]]:
    """Who loaded each version, by its name, and who attached each text, by its fingerprint; one query."""
    loaded, attached = dict[str, str](), dict[str, str]()
    for entry in readers.stream(f"{Plan.stream_kind}/{key}"):
        told = entry.payload
        if entry.verb == "plan.loaded":
            loaded[told["version"]] = told["by"]["name"]
        elif entry.verb == "plan.text_attached":
            attached[told["sha256"]] = told["by"]["name"]
    return loaded, attached


def document_of(version: PlanVersion) -> PlanDocument:
    """What this version says: read once a process, then at hand."""
    document = _documents.get(version.sha256)
    if document is None:
        document = _documents[version.sha256] = loading.from_text(version.document, version.sha256)
        while len(_documents) > KEPT:
            _documents.popitem(last=False)
    return document


def all_in_force() -> list[PlanDocument]:
    """What every plan says now: the library's first, then those loaded beside it; one query where all are at hand."""
    loaded = _loaded(PlanVersion.objects.select_related("plan").order_by("plan_id", "pk"))
    latest = {version.plan.key: version for version in loaded}
    keys = dict.fromkeys([*library_keys(), *latest])
    return [document_of(latest[key]) if key in latest else from_library(key) for key in keys]


@cache
def library_keys() -> tuple[str, ...]:
    """The plans that come with the system: a folder each."""
    return tuple(sorted(path.name for path in LIBRARY.iterdir() if path.is_dir() and any(path.glob("*.yaml"))))


@cache
def from_library(key: str) -> PlanDocument:
    """What the library's folder of this plan says. Raises UnknownPlan, BadPlan."""
    if key not in library_keys():
        raise UnknownPlan(key)
    return loading.load(LIBRARY / key)


def _loaded(versions: models.QuerySet[PlanVersion]) -> list[PlanVersion]:
    """These versions, texts deferred; none before the table exists, so that `assess` works on a bare checkout."""
    try:
        return list(versions.defer("document"))
    except DatabaseError:
        if _tables() & {PlanVersion._meta.db_table}:
            raise
        return []


def _tables() -> set[str]:
    names: Iterable[str] = connection.introspection.table_names()
    return set(names)
