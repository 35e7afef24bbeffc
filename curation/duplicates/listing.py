"""Groups that wait for a resolution, newest first, as their route describes them; the best picture of each first."""

from typing import Any

from django.http import HttpRequest

from curation.duplicates.groups import Member, unresolved_members
from curation.duplicates.hashing import distance_between
from curation.library.paging import FIELDS, PROMPT_LETTERS
from curation.models import Fingerprint
from garden.models import ImageFile
from garden.storage.serving import PublicUrls
from garden.storage.thumbnails import thumbnail_key

SHOWN = 60


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
    small, url_of = ImageFile.objects.with_thumbnail(shown), PublicUrls(request)
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
    return {
        **{name: getattr(image, name) for name in FIELDS},
        "url": url,
        "thumb": url_of(thumbnail_key(image.key)) if image.pk in small else url,
        "prompt": image.prompt[:PROMPT_LETTERS],
        "seed": image.parameters.get("seed"),
        "liked": member.liked,
        "shown": member.shown,
        "sharpness": round(member.fingerprint.sharpness, 1),
        "distance": distance_between(member.fingerprint.phash, best.fingerprint.phash),
    }
