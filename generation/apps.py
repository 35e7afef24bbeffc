from collections.abc import Collection, Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Picture generation")

    def ready(self) -> None:
        from garden.signals import abandoned_keys, files_of_nobody, keys_in_work
        from generation import (
            backends,  # noqa: F401
            gpu_hosts,  # noqa: F401
        )

        files_of_nobody.connect(_unreferenced_files)
        keys_in_work.connect(_keys_of_open_slots)
        abandoned_keys.connect(_keys_of_ended_slots)


def _unreferenced_files(**kwargs: Any) -> Iterable[Any]:
    """Imported here, so that other commands do not load numpy and Pillow."""
    from generation.retouch.pruning import files_of_nobody

    return files_of_nobody(**kwargs)


def _keys_of_open_slots(keys: Collection[str], **kwargs: Any) -> Iterable[str]:
    """Keys of open slots: a picture's file is written before its row."""
    from generation.models import Slot

    return Slot.objects.open().filter(key__in=keys).values_list("key", flat=True)


def _keys_of_ended_slots(keys: Collection[str], **kwargs: Any) -> Iterable[str]:
    """Keys of pictures that were cancelled or failed while their file was written."""
    from generation.models import Slot

    ended = [Slot.State.CANCELLED, Slot.State.FAILED]
    return Slot.objects.filter(state__in=ended, key__in=keys).values_list("key", flat=True)
