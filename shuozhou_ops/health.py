"""Is the process alive, and can it serve: for probes and for whoever waits for a start."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shuozhou_ops import clock
from shuozhou_ops.deadlines.models import Deadline


@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while the process answers; it asks nothing else, so that a slow database restarts nobody."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated, else 503 naming which is lacking.

    `sweep_lag_seconds` is how long the oldest open deadline is overdue: a worker's fault, so it makes no web server
    unready, but above a minute somebody should look.
    """
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return JsonResponse({"status": "unready", "lacks": "migrations"}, status=503)
        return JsonResponse({"status": "ok", "sweep_lag_seconds": _sweep_lag_seconds()})
    except DatabaseError:
        return JsonResponse({"status": "unready", "lacks": "database"}, status=503)


def _sweep_lag_seconds() -> int:
    oldest = Deadline.objects.filter(state=Deadline.State.OPEN).aggregate(at=Min("due_at"))["at"]
    return max(0, int((clock.now() - oldest).total_seconds())) if oldest else 0
