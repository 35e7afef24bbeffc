from collections.abc import Iterable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GenerationConfig(AppConfig):
    name = "generation"
    verbose_name = _("Generation")

    def ready(self) -> None:
        from garden.signals import files_of_nobody
        from generation import checks  # noqa: F401
        from generation.hosts import checks as host_checks  # noqa: F401
        from generation.provenance import checks as provenance_checks  # noqa: F401

        files_of_nobody.connect(_files_of_nobody)


def _files_of_nobody(**kwargs: Any) -> Iterable[Any]:
    """Numpy and Pillow are loaded when storage is compared, not by every command."""
    from generation.retouch.pruning import files_of_nobody

    return files_of_nobody(**kwargs)
