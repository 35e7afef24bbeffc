"""The Celery app: a bell for work whose truth is in the database."""

import os

from celery import Celery, shared_task
from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES

from garden.bounds.memory import limit_memory
from garden.seeing.work import watch_work

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")

TRANSPORT_ALIASES["filesystem"] = "garden.folder_broker:Transport"
app = Celery("garden", task_cls="garden.bounds.task:BoundedTask")
app.set_default()  # Every thread's, whichever loaded this.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
watch_work(app)
worker_init.connect(limit_memory)

__all__ = ["app", "shared_task"]
