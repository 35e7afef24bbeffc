from django.apps import AppConfig


class RecommendConfig(AppConfig):
    name = "recommend"
    verbose_name = "Recommend"

    def ready(self) -> None:
        from recommend import checks  # noqa: F401
