from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from garden.broker import enqueue

if TYPE_CHECKING:
    from garden.models import Image


class RecommendConfig(AppConfig):
    name = "recommend"
    verbose_name = _("Recommend")

    def ready(self) -> None:
        from garden.signals import server_started, server_warms_up
        from recommend import checks  # noqa: F401
        from recommend.services import retention  # noqa: F401

        server_started.connect(build_recommender)
        server_warms_up.connect(warm_up_server)
        post_save.connect(describe_new_image, sender="garden.Image")


def describe_new_image(*, instance: "Image", **signal: Any) -> None:
    """Receiver of `post_save`: a picture that visitors may see is described by a worker."""
    if instance.state == instance.State.SERVING:
        enqueue("recommend.tasks.describe_images", [instance.pk])


def build_recommender(**signal: Any) -> None:
    """Receiver of `server_started`: built here, before threads could build two."""
    from recommend.backends.registry import get_recommender

    get_recommender()


def warm_up_server(**signal: Any) -> None:
    """Receiver of `server_warms_up`; other processes load no model."""
    from recommend.services.gardens import warm_up_recommenders

    warm_up_recommenders()
