"""What is known of pictures' files: the file when it was last read, small copies, messages that were set aside."""

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


class ImageFileQuerySet(models.QuerySet["ImageFile"]):
    def note(self, seen: dict[int, StoredFile]) -> None:
        """The files of these images as they were just read, by image id."""
        rows = [ImageFile.of(image, file) for image, file in seen.items()]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["image"], update_fields=["size", "tag", "modified_at"]
        )

    def of(self, image: int) -> Self:
        return self.filter(image_id=image)


class ImageFile(models.Model):
    """The file when it was last read: enough to see, without reading, that it is another one."""

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="file", verbose_name=_("image")
    )
    size = models.PositiveBigIntegerField(_("size (bytes)"))
    tag = models.CharField(_("tag"), max_length=255, blank=True, help_text=_("changes with the content (ETag)"))
    modified_at = models.DateTimeField(_("modified"))

    objects = ImageFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of an image")
        verbose_name_plural = _("files of images")

    def __str__(self) -> str:
        return f"{self.image_id}: {self.size}"

    @classmethod
    def of(cls, image: int, file: StoredFile) -> "ImageFile":
        return cls(image_id=image, size=file.size, tag=file.tag, modified_at=file.modified)


MOST_ATTEMPTS = 5
FIRST_WAIT = timedelta(minutes=1)
WAIT_GROWTH = 5
RECENT = timedelta(days=2)


class ThumbnailQuerySet(models.QuerySet["Thumbnail"]):
    def settled(self) -> Self:
        """Made, given up, or waiting for another attempt."""
        return self.filter(Q(made_at__isnull=False) | Q(retry_at=None) | Q(retry_at__gt=timezone.now()))

    def missing(self) -> ImageQuerySet:
        """Images without a small copy of their present file, except those given up or waiting for another attempt."""
        settled = self.settled().filter(image=OuterRef("pk"), content_hash=OuterRef("content_hash"))
        return Image.objects.filter(~Exists(settled))

    def missing_lately(self, most: int) -> list[int]:
        """Ids of such images among those changed lately, and those whose next attempt is due.

        Both are found by an index, so that a sweep can ask every minute.
        """
        recent = self.missing().filter(changed_at__gte=timezone.now() - RECENT).order_by("-changed_at")
        due = self.filter(retry_at__lte=timezone.now()).order_by("retry_at")
        found = [*recent.values_list("pk", flat=True)[:most], *due.values_list("image_id", flat=True)[:most]]
        return list(dict.fromkeys(found))[:most]

    def note_made(self, image: Image, screens: Sequence[str] = ()) -> None:
        self._note(image, made_at=timezone.now(), screens=list(screens), attempts=0, retry_at=None, error="")

    def note_failure(self, image: Image, error: str, *, permanent: bool) -> None:
        """A file that cannot be read is given up at once, any other trouble after some attempts."""
        known = self.filter(image=image, content_hash=image.content_hash).values_list("attempts", flat=True).first()
        attempts = (known or 0) + 1
        wait = FIRST_WAIT * WAIT_GROWTH ** (attempts - 1)
        retry_at = None if permanent or attempts >= MOST_ATTEMPTS else timezone.now() + wait
        self._note(image, made_at=None, attempts=attempts, retry_at=retry_at, error=error)

    def try_again(self) -> int:
        """Forget what failed before; returns how many."""
        return self.filter(made_at=None).delete()[0]

    def made_of(self, images: Iterable[int]) -> set[int]:
        """Those of the images that have one."""
        return set(self.filter(image__in=images, made_at__isnull=False).values_list("image_id", flat=True))

    def _note(self, image: Image, **what: object) -> None:
        self.update_or_create(image=image, defaults={"content_hash": image.content_hash, **what})


class Thumbnail(models.Model):
    """`content_hash` is the file that it was made from, or that failed: another content is another attempt."""

    image = models.OneToOneField(
        Image, on_delete=models.CASCADE, primary_key=True, related_name="thumbnail", verbose_name=_("image")
    )
    content_hash = models.CharField(_("SHA-256 of the file"), max_length=64)
    made_at = models.DateTimeField(pgettext_lazy("date", "made"), null=True, blank=True)
    screens = models.JSONField(
        _("copies for screens"), default=list, blank=True, help_text=_("of a published picture: 640.avif, …")
    )
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    retry_at = models.DateTimeField(_("tried again"), null=True, blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = ThumbnailQuerySet.as_manager()

    class Meta:
        verbose_name = _("thumbnail")
        verbose_name_plural = _("thumbnails")
        indexes = [models.Index(name="thumbnail_due", fields=["retry_at"], condition=Q(retry_at__isnull=False))]
        constraints = [
            models.CheckConstraint(
                name="thumbnail_made_or_failed",
                condition=Q(made_at__isnull=False, retry_at__isnull=True, error="")
                | (Q(made_at__isnull=True) & ~Q(error="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.error or self.made_at}"


class SetAsideMessageQuerySet(models.QuerySet["SetAsideMessage"]):
    def set_aside(self, message_id: str, body: str, error: str) -> None:
        """Twice is once."""
        self.update_or_create(message_id=message_id, defaults={"body": body, "error": error, "at": timezone.now()})

    def oldest_first(self) -> Self:
        return self.order_by("at", "pk")


class SetAsideMessage(models.Model):
    """A message of a bucket that could not be understood or carried out: set aside, so that the others go on."""

    message_id = models.CharField(_("message"), max_length=128, unique=True)
    body = models.TextField(_("body"))
    error = models.TextField(_("what was wrong"))
    at = models.DateTimeField(_("set aside"), default=timezone.now)

    objects = SetAsideMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message set aside")
        verbose_name_plural = _("messages set aside")

    def __str__(self) -> str:
        return self.message_id
