"""What visitors said of pictures: the one place where curation reads the recommender's counts."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Sum

from recommend.models import ImageRate


class Likes(NamedTuple):
    """How often pictures were liked, and shown."""

    liked: int = 0
    shown: int = 0

    @property
    def rate(self) -> float | None:
        return self.liked / self.shown if self.shown else None


def likes_of(images: Iterable[int]) -> dict[int, Likes]:
    """Of each picture that was ever shown, over all groups of visitors."""
    rows = ImageRate.objects.filter(image__in=list(images)).order_by().values_list("image")
    return {image: Likes(liked, shown) for image, liked, shown in rows.annotate(Sum("liked"), Sum("shown"))}


def likes_by_emotion() -> dict[str, Likes]:
    """Of all pictures of each emotion. Reads every count: for roll-ups."""
    rows = ImageRate.objects.order_by().values_list("image__emotion")
    return {emotion: Likes(liked, shown) for emotion, liked, shown in rows.annotate(Sum("liked"), Sum("shown"))}


def most_liked(count: int, least_shown: int) -> list[tuple[int, Likes]]:
    """Pictures by like-rate, the best first, of those shown often enough. Reads every count: for roll-ups."""
    rows = ImageRate.objects.order_by().values("image").annotate(liked_sum=Sum("liked"), shown_sum=Sum("shown"))
    often = rows.filter(shown_sum__gte=least_shown).order_by("-liked_sum", "image")
    found = [(row["image"], Likes(row["liked_sum"], row["shown_sum"])) for row in often[: 10 * count]]
    return sorted(found, key=lambda item: (-(item[1].rate or 0), item[0]))[:count]
