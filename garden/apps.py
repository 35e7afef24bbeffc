from django.apps import AppConfig


class GardenConfig(AppConfig):
    name = "garden"
    verbose_name = "Garden"

    def ready(self) -> None:
        from garden import checks  # noqa: F401
        from garden.celery import make_broker_folders
        from garden.emotion.registry import load_face_analyzer
        from garden.signals import server_started

        make_broker_folders()
        server_started.connect(load_face_analyzer)
