from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def load_celery(**signal: Any) -> None:
    """Receiver of `server_started`: the first visitor does not wait for the import."""
    import garden.tasks  # noqa: F401


class GardenConfig(AppConfig):
    name = "garden"
    verbose_name = _("Garden")

    def ready(self) -> None:
        from garden import checks  # noqa: F401
        from garden.access import audit_log  # noqa: F401
        from garden.broker import make_broker_folders
        from garden.faces.registry import load_face_analyzer
        from garden.privacy import retention  # noqa: F401
        from garden.signals import server_started

        make_broker_folders()
        server_started.connect(load_face_analyzer)
        server_started.connect(load_celery)
