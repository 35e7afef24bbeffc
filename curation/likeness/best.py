"""Which of several look-alikes to keep."""

from collections.abc import Sequence
from dataclasses import dataclass

from curation.likes import Likes, likes_of
from curation.models import Likeness
from garden.models import Image

_VERDICTS = {Image.Verdict.LIKE: 3, "": 2, Image.Verdict.DISPUTED: 1, Image.Verdict.DISLIKE: 0}


@dataclass(frozen=True, slots=True)
class Rival:
    """A picture of a group, with all that speaks for it."""

    image: Image
    likeness: Likeness
    likes: Likes

    @property
    def rank(self) -> tuple[float, ...]:
        """Curators' word first, then visitors', then the sharper, larger, older one."""
        image = self.image
        rating, pixels = image.rating or 0, image.width * image.height
        said = (_VERDICTS[image.verdict], rating, self.likes.liked)
        return (*said, round(self.likeness.sharpness, 1), pixels, -image.pk)


def rivals_of(groups: Sequence[int]) -> dict[int, list[Rival]]:
    """Of each group the pictures still in question, the best first. Two queries."""
    members = Likeness.objects.filter(group__in=groups).rivals().select_related("image")
    found = list(members)
    likes = likes_of([likeness.pk for likeness in found])
    rivals: dict[int, list[Rival]] = {}
    for likeness in found:
        rival = Rival(likeness.image, likeness, likes.get(likeness.pk, Likes()))
        rivals.setdefault(likeness.group_id or 0, []).append(rival)
    return {group: sorted(some, key=lambda rival: rival.rank, reverse=True) for group, some in rivals.items()}
