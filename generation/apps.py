from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Generation"

    def ready(self) -> None:
        from generation import checks  # noqa: F401
        from generation.hosts import checks as host_checks  # noqa: F401
        from generation.provenance import checks as provenance_checks  # noqa: F401

        _listen_to_celery()


def _listen_to_celery() -> None:
    from celery.signals import worker_ready, worker_shutting_down

    from generation.idle import keep_idle
    from generation.worker import stop_working

    worker_ready.connect(keep_idle)
    worker_shutting_down.connect(stop_working)
