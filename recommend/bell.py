"""Rings for the worker when a picture appears; a bell that is lost costs nothing, the sweep makes up for it."""

import logging
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from garden.models import Image
from garden.ringing import ring

logger = logging.getLogger(__name__)


@receiver(post_save, sender=Image)
def ring_for_new_image(*, instance: Image, **signal: Any) -> None:
    if instance.state == Image.State.SERVING:
        transaction.on_commit(partial(_ring, instance.pk))


def _ring(image: int) -> None:
    from recommend.tasks import describe_images

    if not ring(describe_images, [image]):
        logger.warning("The broker is away; image %s will be described by the sweep.", image)
