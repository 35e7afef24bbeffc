from django.apps import AppConfig


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = "Generation"

    def ready(self) -> None:
        from generation import checks  # noqa: F401
        from generation.hosts import checks as host_checks  # noqa: F401
        from generation.provenance import checks as provenance_checks  # noqa: F401
