"""Celery wrappers."""

from celery import shared_task

from shuozhou_ops import clock

from . import sweeping


@shared_task(name="shuozhou_ops.deadlines.jobs.sweep")
def sweep() -> int:
    """Run the sweep now."""
    return sweeping.sweep(clock.now())
