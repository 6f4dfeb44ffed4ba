"""朔州应急指挥: the project and its small shared apps."""

from .celery import app as celery_app

__all__ = ["celery_app"]
