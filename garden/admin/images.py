"""Pictures, their thumbnails and souvenirs, and messages about files that could not be applied."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from garden.admin.base import LedgerAdmin
from garden.models import Image, ImageFile, SouvenirLink
from garden.storage.keys import SERVING, InvalidKeyError, join_emotion, parse_key
from garden.storage.thumbnails import thumbnail_key
from garden.vocabulary import Emotion


class ImageForm(forms.ModelForm[Image]):
    def clean(self) -> dict[str, Any]:
        """Emotion and favorite become folders of the key that the picture is published under."""
        emotion, favorite = self.cleaned_data.get("emotion", ""), self.cleaned_data.get("favorite", "")
        name = self.instance.key.rpartition("/")[2]
        try:
            parse_key(f"{SERVING}/{join_emotion(emotion or Emotion.CALM, favorite)}/{name}")
        except InvalidKeyError:
            words = gettext("“%(favorite)s” cannot be a favorite.")
            self.add_error("favorite", words % {"favorite": favorite})
        return self.cleaned_data


def picture_tag(name: str, prompt: str, height: int) -> SafeString:
    url = default_storage.url(name)
    return format_html('<img src="{}" alt="{}" height="{}" loading="lazy">', url, prompt, height)


class PreviewColumn:
    """The small copy of a picture, or of the picture that a row is about."""

    @admin.display(description=_("picture"))
    def preview(self, row: Any) -> SafeString | str:
        image = row if isinstance(row, Image) else row.image
        return picture_tag(thumbnail_key(image.key), image.prompt, height=72) if row.pk else ""


@admin.register(Image)
class ImageAdmin(PreviewColumn, LedgerAdmin):
    """A picture is made and moved by services, which keep file and row together.

    Only what its key leaves open can be set here: the emotion of a picture of the pool that was made from free text.
    """

    form = ImageForm
    list_display = ["preview", "key", "emotion", "favorite", "orientation", "state", "verdict", "created_at"]
    list_filter = ["state", "verdict", "emotion", "orientation", "origin", "rating", "created_at", "trash_reason"]
    search_fields = ["key", "favorite", "prompt"]
    list_display_links = ["preview", "key"]
    readonly_fields = ["large_preview"]
    fieldsets = [
        (
            None,
            {"fields": ["large_preview", "key", "state", "emotion", "favorite", "orientation", "verdict", "rating"]},
        ),
        (_("How it was made"), {"fields": ["origin", "model", "prompt", "parameters", "published_from"]}),
        (_("File"), {"fields": ["width", "height", "content_hash"]}),
        (_("Times"), {"fields": ["created_at", "published_at", "trashed_at", "trash_reason", "changed_at"]}),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Image | None = None) -> bool:
        return (
            obj is not None and _waits_for_emotion(obj) and admin.ModelAdmin.has_change_permission(self, request, obj)
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Image | None = None) -> list[str]:
        fields = [field.name for field in Image._meta.fields if field.name not in ("emotion", "favorite")]
        return [*self.readonly_fields, *fields]

    @admin.display(description=_("picture"))
    def large_preview(self, image: Image) -> SafeString:
        return picture_tag(image.key, image.prompt, height=400)


def _waits_for_emotion(image: Image) -> bool:
    return image.state == Image.State.POOL and not parse_key(image.key).emotion


@admin.register(ImageFile)
class ImageFileAdmin(LedgerAdmin):
    list_display = ["image", "size", "modified_at", "made_at", "attempts", "retry_at", "error"]
    list_filter = ["attempts", "made_at"]
    list_select_related = ["image"]
    search_fields = ["image__key", "error"]
    ordering = ["-image"]


class OpenFilter(admin.SimpleListFilter):
    title = _("opens")
    parameter_name = "opens"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("its picture")), ("no", _("nothing (expired)"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        links = SouvenirLink.objects.all()
        chosen = {"yes": links.valid(), "no": links.expired()}.get(self.value() or "")
        return queryset if chosen is None else queryset & chosen


@admin.register(SouvenirLink)
class SouvenirLinkAdmin(PreviewColumn, LedgerAdmin):
    list_display = ["preview", "code", "image", "created_at", "expires_at"]
    list_display_links = ["preview", "code"]
    list_filter = [OpenFilter, "image__emotion", "created_at"]
    list_select_related = ["image"]
    search_fields = ["=code", "image__key"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A link that is deleted opens nothing from that moment on."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)
