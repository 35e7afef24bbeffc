from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecommendConfig(AppConfig):
    name = "recommend"
    verbose_name = _("Recommend")

    def ready(self) -> None:
        from garden.signals import server_started, server_warms_up
        from recommend import bell, checks, forgetting, privacy, unmaking  # noqa: F401

        server_started.connect(build_recommender)
        server_warms_up.connect(warm_up_server)


def build_recommender(**signal: Any) -> None:
    """Receiver of `server_started`. Were it built by two threads at once, one would warm up what nobody asks."""
    from recommend.backends.registry import get_recommender

    get_recommender()


def warm_up_server(**signal: Any) -> None:
    """Receiver of `server_warms_up`. Who serves no garden loads nothing that ranks one."""
    from recommend.services import warm_up

    warm_up()
