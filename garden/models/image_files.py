"""Files of images as last read, and the copies made of them."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.image import Image, ImageQuerySet
from garden.storage.backends import StoredFile

MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=1)
WAIT_GROWTH = 5
RECENT = timedelta(days=2)


class ImageFileQuerySet(models.QuerySet["ImageFile"]):
    def note_files(self, seen: dict[int, StoredFile]) -> None:
        """The files of these images as they were just read, by image id."""
        rows = [
            ImageFile(image_id=image, size=file.size, tag=file.tag, modified_at=file.modified)
            for image, file in seen.items()
        ]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["image"], update_fields=["size", "tag", "modified_at"]
        )

    def thumbnail_settled(self) -> Self:
        """The thumbnail is made, given up, or waits for another attempt."""
        return self.filter(Q(made_at__isnull=False) | Q(retry_at=None) | Q(retry_at__gt=timezone.now()))

    def missing_thumbnail(self) -> ImageQuerySet:
        """Images without a thumbnail of their present file, except those given up or waiting for another attempt."""
        settled = self.thumbnail_settled().filter(image=OuterRef("pk"), thumbnail_of=OuterRef("content_hash"))
        return Image.objects.filter(~Exists(settled))

    def missing_lately(self, most: int) -> list[int]:
        """Ids of such images among those changed lately, and those whose next attempt is due.

        Both are found by an index, so that a sweep can query every minute.
        """
        recent = self.missing_thumbnail().filter(changed_at__gte=timezone.now() - RECENT).order_by("-changed_at")
        due = self.filter(retry_at__lte=timezone.now()).order_by("retry_at")
        found = [*recent.values_list("pk", flat=True)[:most], *due.values_list("image_id", flat=True)[:most]]
        return list(dict.fromkeys(found))[:most]

    def note_made(self, image: Image, screens: Sequence[str] = ()) -> None:
        self._note(image, made_at=timezone.now(), screens=list(screens), attempts=0, retry_at=None, error="")

    def note_failure(self, image: Image, error: str, *, permanent: bool) -> None:
        """A file that cannot be read is given up at once, after any other error some attempts follow."""
        known = self.filter(image=image, thumbnail_of=image.content_hash).values_list("attempts", flat=True).first()
        attempts = (known or 0) + 1
        wait = FIRST_WAIT * WAIT_GROWTH ** (attempts - 1)
        retry_at = None if permanent or attempts >= MOST_ATTEMPTS else timezone.now() + wait
        self._note(image, made_at=None, attempts=attempts, retry_at=retry_at, error=error)

    def with_thumbnail(self, images: Iterable[int]) -> set[int]:
        """Those of the images that have one."""
        return set(self.filter(image__in=images, made_at__isnull=False).values_list("image_id", flat=True))

    def _note(self, image: Image, **what: object) -> None:
        self.update_or_create(image=image, defaults={"thumbnail_of": image.content_hash, **what})


class ImageFile(models.Model):
    """An image's file when it was last read, and the copies made of it.

    `size`, `tag` and `modified_at` show without reading whether it is another file; they are empty until it was read.
    `thumbnail_of` is the content that the thumbnail was made of, or that failed: other content is another attempt.
    """

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="file", verbose_name=_("image")
    )
    size = models.PositiveBigIntegerField(_("size (bytes)"), null=True, blank=True)
    tag = models.CharField(_("tag"), max_length=255, blank=True, help_text=_("changes with the content (ETag)"))
    modified_at = models.DateTimeField(_("modified"), null=True, blank=True)
    thumbnail_of = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    made_at = models.DateTimeField(pgettext_lazy("date", "made"), null=True, blank=True)
    screens = models.JSONField(
        _("copies for screens"), default=list, blank=True, help_text=_("of a published picture: 640.avif, …")
    )
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = ImageFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("image file")
        verbose_name_plural = _("image files")
        indexes = [models.Index(name="image_file_due", fields=["retry_at"], condition=Q(retry_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                name="image_file_thumbnail_state",
                condition=Q(made_at__isnull=False, retry_at__isnull=True, error="")
                | (Q(made_at__isnull=True) & ~Q(error=""))
                | Q(made_at__isnull=True, retry_at__isnull=True, attempts=0, thumbnail_of=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.error or self.made_at}"
