"""Pictures in Django admin: looked at here, made and moved by services."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from garden.admin.ledger import LedgerAdmin
from garden.models import Image
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


@admin.register(Image)
class ImageAdmin(LedgerAdmin):
    """A picture is made and moved by services, which keep file and row together.

    Only what its key leaves open can be said here: the emotion of a picture of the pool that was made from free text.
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
    def preview(self, image: Image) -> SafeString:
        return picture_tag(thumbnail_key(image.key), image.prompt, height=72)

    @admin.display(description=_("picture"))
    def large_preview(self, image: Image) -> SafeString:
        return picture_tag(image.key, image.prompt, height=400)


def _waits_for_emotion(image: Image) -> bool:
    return image.state == Image.State.POOL and not parse_key(image.key).emotion


def picture_tag(name: str, prompt: str, height: int) -> SafeString:
    url = default_storage.url(name)
    return format_html('<img src="{}" alt="{}" height="{}" loading="lazy">', url, prompt, height)
