from django.apps import AppConfig


class RecommendConfig(AppConfig):
    name = "recommend"
    verbose_name = "Recommend"

    def ready(self) -> None:
        from garden.signals import server_started
        from recommend import bell, checks  # noqa: F401
        from recommend.services import forgetting, unmaking  # noqa: F401
        from recommend.services.warming import warm_up_server

        server_started.connect(warm_up_server)
