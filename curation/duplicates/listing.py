"""Groups that wait for a resolution, newest first, as their route describes them; the best picture of each first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest

from curation.duplicates.hashing import distance_between
from curation.models import Fingerprint
from garden.models import Image, Thumbnail
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key
from recommend.models import ImageRate

SHOWN = 60
PROMPT_LETTERS = 200
_VERDICTS = {Image.Verdict.LIKE: 3, "": 2, Image.Verdict.DISPUTED: 1, Image.Verdict.DISLIKE: 0}


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a group, with all that speaks for it."""

    image: Image
    fingerprint: Fingerprint
    liked: int
    shown: int

    @property
    def rank(self) -> tuple[float, ...]:
        """Curators' word first, then visitors', then the sharper, larger, older one."""
        image = self.image
        rating, pixels = image.rating or 0, image.width * image.height
        said = (_VERDICTS[image.verdict], rating, self.liked)
        return (*said, round(self.fingerprint.sharpness, 1), pixels, -image.pk)


def unresolved_members(groups: Sequence[int]) -> dict[int, list[Member]]:
    """Of each group the pictures still in question, the best first. Two queries."""
    found = list(Fingerprint.objects.filter(group__in=groups).unresolved().select_related("image"))
    rates = (
        ImageRate.objects.filter(image__in=[fingerprint.pk for fingerprint in found]).order_by().values_list("image")
    )
    likes = {image: (liked, shown) for image, liked, shown in rates.annotate(Sum("liked"), Sum("shown"))}
    members: dict[int, list[Member]] = {}
    for fingerprint in found:
        member = Member(fingerprint.image, fingerprint, *likes.get(fingerprint.pk, (0, 0)))
        members.setdefault(fingerprint.group or 0, []).append(member)
    return {group: sorted(some, key=lambda member: member.rank, reverse=True) for group, some in members.items()}


def list_groups(request: HttpRequest, before: int | None, limit: int) -> dict[str, Any]:
    """A page and where the next begins: after the group whose newest picture has the id `before`."""
    waiting = Fingerprint.objects.open_groups()
    if before is not None:
        waiting = waiting.filter(newest__lt=before)
    rows = list(waiting[:limit])
    found = _describe_groups([row["group"] for row in rows], request)
    return {"groups": found, "next": rows[-1]["newest"] if len(rows) == limit else None}


def _describe_groups(groups: list[int], request: HttpRequest) -> list[dict[str, Any]]:
    members = {group: some for group, some in unresolved_members(groups).items() if len(some) > 1}
    shown = [member.image.pk for some in members.values() for member in some[:SHOWN]]
    small, url_of = Thumbnail.objects.made_of(shown), PublicUrls(request)
    return [
        {
            "id": group,
            "size": len(members[group]),
            "images": [_describe(member, members[group][0], url_of, small) for member in members[group][:SHOWN]],
        }
        for group in groups
        if group in members
    ]


def _describe(member: Member, best: Member, url_of: PublicUrls, small: set[int]) -> dict[str, Any]:
    image, url = member.image, url_of(member.image.key)
    same = ("id", "key", "emotion", "favorite", "orientation", "state", "verdict", "rating", "width", "height", "model")
    return {
        **{name: getattr(image, name) for name in same},
        "url": url,
        "thumb": url_of(thumbnail_key(image.key)) if image.pk in small else url,
        "prompt": image.prompt[:PROMPT_LETTERS],
        "seed": image.parameters.get("seed"),
        "liked": member.liked,
        "shown": member.shown,
        "sharpness": round(member.fingerprint.sharpness, 1),
        "distance": distance_between(member.fingerprint.phash, best.fingerprint.phash),
    }
