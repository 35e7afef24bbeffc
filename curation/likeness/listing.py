"""Groups that wait for a word, newest first, as their route tells them."""

from typing import Any

from django.http import HttpRequest

from curation.likeness.bands import distance_between
from curation.likeness.best import Rival, rivals_of
from curation.models import AlikeGroup
from garden.models import Thumbnail
from garden.storage.thumbnails import thumbnail_key
from garden.storage.urls import PublicUrls

SHOWN = 60
PROMPT_LETTERS = 200
MOST_LOOKS = 5


def list_groups(request: HttpRequest, before: int | None, limit: int) -> dict[str, Any]:
    """A page and where the next begins. Groups whose pictures went elsewhere are counted anew and left out."""
    groups: list[dict[str, Any]] = []
    for _ in range(MOST_LOOKS):
        found = _open_groups(before, limit)
        groups += _described(found, request)
        before = found[-1] if len(found) == limit else None
        if groups or before is None:
            break
    return {"groups": groups, "next": before}


def _open_groups(before: int | None, limit: int) -> list[int]:
    waiting = AlikeGroup.objects.open().order_by("-pk")
    if before is not None:
        waiting = waiting.filter(pk__lt=before)
    return list(waiting.values_list("pk", flat=True)[:limit])


def _described(groups: list[int], request: HttpRequest) -> list[dict[str, Any]]:
    rivals = {group: some for group, some in rivals_of(groups).items() if len(some) > 1}
    stale = set(groups) - set(rivals)
    if stale:
        AlikeGroup.objects.filter(pk__in=stale).recount()
    shown = [rival.image.pk for some in rivals.values() for rival in some[:SHOWN]]
    small, url_of = Thumbnail.objects.made_of(shown), PublicUrls(request)
    return [
        {
            "id": group,
            "size": len(rivals[group]),
            "images": [_describe(rival, rivals[group][0], url_of, small) for rival in rivals[group][:SHOWN]],
        }
        for group in groups
        if group in rivals
    ]


def _describe(rival: Rival, best: Rival, url_of: PublicUrls, small: set[int]) -> dict[str, Any]:
    image, url = rival.image, url_of(rival.image.key)
    same = ("id", "key", "emotion", "favorite", "orientation", "state", "verdict", "rating", "width", "height", "model")
    return {
        **{name: getattr(image, name) for name in same},
        "url": url,
        "thumb": url_of(thumbnail_key(image.key)) if image.pk in small else url,
        "prompt": image.prompt[:PROMPT_LETTERS],
        "seed": image.parameters.get("seed"),
        "liked": rival.likes.liked,
        "shown": rival.likes.shown,
        "sharpness": round(rival.likeness.sharpness, 1),
        "distance": distance_between(rival.likeness.phash, best.likeness.phash),
    }
