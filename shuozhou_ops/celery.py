"""The Celery application: it carries wake-ups; what is due is in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shuozhou_ops.settings")
app = Celery("shuozhou_ops")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
