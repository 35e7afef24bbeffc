"""A page of pictures in the words of its route; as many queries whatever its length."""

from typing import Any

from django.http import HttpRequest

from curation.duplicates.groups import count_duplicates
from curation.models import Vote
from curation.paging import Page, Row
from garden.models import Thumbnail
from garden.storage.thumbnails import thumbnail_key
from garden.storage.urls import PublicUrls


def describe_page(page: Page, request: HttpRequest) -> dict[str, Any]:
    """As `ImagePageSerializer` documents it."""
    ids = [row["id"] for row in page.rows]
    small, alike = Thumbnail.objects.made_of(ids), count_duplicates(ids)
    mine = _own_votes(ids, request.user.pk)
    url_of = PublicUrls(request)
    images = [
        _describe(row, url_of, mine.get(row["id"]), alike.get(row["id"], 0), row["id"] in small) for row in page.rows
    ]
    return {"images": images, "next": page.next, "previous": page.previous}


def _describe(row: Row, url_of: PublicUrls, mine: dict[str, Any] | None, alike: int, has_small: bool) -> Row:
    """In place: a page has hundreds of them."""
    row["url"] = url_of(row["key"])
    row["thumb"] = url_of(thumbnail_key(row["key"])) if has_small else row["url"]
    row["prompt"] = row.pop("short_prompt")
    row["mine"], row["alike"] = mine, alike
    return row


def _own_votes(ids: list[int], curator: int | None) -> dict[int, dict[str, Any]]:
    votes = Vote.objects.filter(curator=curator, image__in=ids).values_list("image", "verdict", "rating")
    return {image: {"verdict": verdict, "rating": rating} for image, verdict, rating in votes}
