"""Canvases and versions in the words of their routes."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request

from generation.available_models import ignored_words
from generation.models import Canvas, Slot, TagReading, Version
from generation.queue.progress import sentence_of


def describe_canvas(canvas: Canvas, request: HttpRequest | Request) -> dict[str, Any]:
    """As `CanvasSerializer` documents it; as many queries however many versions it has."""
    image = canvas.image
    slot = getattr(image, "slot", None) if image else None
    versions = canvas.versions.select_related("slot", "by").in_order()
    return {
        "id": str(canvas.pk),
        "title": canvas.title,
        "image": canvas.image_id,
        "key": image.key if image else None,
        "image_state": image.state if image else None,
        "emotion": image.emotion if image else "",
        "favorite": image.favorite if image else "",
        "width": canvas.width,
        "height": canvas.height,
        "picture": _url(request, "api-canvas-picture", canvas.pk),
        "head": canvas.head_id and str(canvas.head_id),
        "job": str(slot.job_id) if slot else None,
        "versions": [describe_version(version, request) for version in versions],
    }


def describe_version(version: Version, request: HttpRequest | Request) -> dict[str, Any]:
    """As `VersionSerializer` documents it."""
    slot, done = version.slot, version.done_at is not None
    own = slot if slot and slot.state != Slot.State.DONE else None
    return {
        "id": str(version.pk),
        "canvas": str(version.canvas_id),
        "number": version.number,
        "parent": version.parent_id and str(version.parent_id),
        "repeats": version.repeats_id and str(version.repeats_id),
        "crop": version.crop.as_json(),
        "region": version.region,
        "settings": version.chosen,
        "seed": version.seed,
        "opacity": version.opacity,
        "layers": {name: _url(request, "api-layer", version.pk, name) for name in version.layers},
        "state": str(version.state),
        "progress": 1.0 if done else slot.progress if slot else 0.0,
        "error": sentence_of(own.error) if own else "",
        "job": str(slot.job_id) if slot else None,
        "engine": version.engine or (slot.engine if slot else ""),
        "model": version.model,
        "ignored_words": list(ignored_words(version)),
        "by": version.by.get_username() if version.by else "",
        "created_at": version.created_at,
        "done_at": version.done_at,
        "seconds": slot.seconds if slot else None,
        "picture": _url(request, "api-version-picture", version.pk) if done else None,
        "image": version.image_id,
    }


def describe_reading(reading: TagReading) -> dict[str, Any]:
    from generation.backends import get_tagger

    slot = reading.slot
    return {
        "id": str(reading.pk),
        "state": str(reading.state),
        "tagger": reading.tagger,
        "note": get_tagger().note,
        "tags": reading.tags,
        "error": sentence_of(slot.error) if slot and reading.done_at is None else "",
    }


def picture_url(canvas: Canvas, version: Version | None, request: Request) -> str:
    if version is None:
        return _url(request, "api-canvas-picture", canvas.pk)
    return _url(request, "api-version-picture", version.pk)


def _url(request: HttpRequest | Request, name: str, *args: Any) -> str:
    """Of this site, wherever its files lie: what is drawn from here can be read again by the page."""
    return request.build_absolute_uri(reverse(f"curation:{name}", args=args))
