"""The app, what it answers to signals of `garden`, and Django's admin as curators meet it.

What takes its time is imported when it is needed: commands that show no pages start in half the time.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.apps import SimpleAdminConfig
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.models import BigIntegerField, Q
from django.db.models.signals import post_migrate
from django.urls import register_converter
from django.urls.converters import IntConverter
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from PIL import Image as Pillow

    from garden.models import Image


class IdConverter(IntConverter):
    """`<id:…>` in a route: a path with a larger number than any id fits no route."""

    def to_python(self, value: str) -> int:
        if (found := super().to_python(value)) > BigIntegerField.MAX_BIGINT:
            raise ValueError
        return found


class CurationConfig(AppConfig):
    name = "curation"
    verbose_name = _("Curation")
    default = True

    def ready(self) -> None:
        from curation.roles import apply_roles
        from garden.signals import keys_in_work, picture_decoded, retired_keys

        checks.register(check_lookalike_distance, "site")
        register_converter(IdConverter, "id")
        keys_in_work.connect(keys_of_open_operations)
        retired_keys.connect(purged_keys)
        picture_decoded.connect(fingerprint_picture)
        # Permissions of every app exist once the signal of `auth`, the last of them, is sent.
        post_migrate.connect(apply_roles, sender=apps.get_app_config("auth"))
        post_migrate.connect(index_words, sender=self)


def index_words(sender: object, using: str, **_: Any) -> None:
    from curation.library.search import ensure_index

    ensure_index(connections[using])


class CuratorsAdmin(SimpleAdminConfig):
    """`garden.urls` finds the admin's pages; so do system checks, whichever comes first."""

    default_site = "curation.admin_site.CuratorsAdminSite"

    def ready(self) -> None:
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_pages, checks.Tags.admin)


def check_pages(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    admin.autodiscover()
    return list(check_admin_app(app_configs, **kwargs))


def check_lookalike_distance(**kwargs: Any) -> list[CheckMessage]:
    from curation.duplicates.hashing import MOST_DISTANCE

    if settings.LOOKALIKE_DISTANCE <= MOST_DISTANCE:
        return []
    message = f"LOOKALIKE_DISTANCE must be at most {MOST_DISTANCE}, not {settings.LOOKALIKE_DISTANCE}."
    return [Error(message, id="curation.lookalike_distance")]


def keys_of_open_operations(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose file is being copied by a publication or is about to be deleted by a purge."""
    from curation.models import BulkOperationItem

    items = BulkOperationItem.objects.filter(key__in=keys)
    open_items = items.filter(Q(pk__in=items.purging()) | Q(pk__in=items.publishing()))
    return set(open_items.values_list("key", flat=True))


def purged_keys(sender: object, keys: Collection[str], **_: Any) -> set[str]:
    """Those of the keys whose picture was purged."""
    from curation.models import BulkOperationItem

    return set(BulkOperationItem.objects.purged().filter(key__in=keys).values_list("key", flat=True))


def fingerprint_picture(image: "Image", small: "Pillow.Image", **_: Any) -> None:
    """Compare a picture that was decoded with all others; `small` is its small copy."""
    from curation.duplicates.groups import place_picture
    from curation.duplicates.hashing import hash_picture

    place_picture(image=image, hashed=hash_picture(small))
