"""What a picture's file was when it was last read: enough to see, without reading, that it is another one."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from garden.models.image import Image
from garden.storage.base import StoredFile


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
