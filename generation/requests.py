"""From what people ask for to the pictures of a job: keys, sizes, seeds."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils import timezone

from garden.storage.keys import POOL, InvalidKeyError, join_emotion, parse_key
from generation.engines.base import PictureRequest
from generation.jobs import WantedPicture
from generation.prompts.bulk import bulk_prompt
from generation.resolutions import LETTERS, PAIR, orientation_of_size

SEEDS = 2**32


@dataclass(frozen=True, slots=True)
class BulkWish:
    """A landscape and a portrait picture for each index, as the seeds' bulk page asks for them."""

    emotion: str
    emotion_text: str
    favorite: str
    others: str
    fname: str
    negative_prompt: str = ""
    model: str = ""

    @property
    def prompt(self) -> str:
        return bulk_prompt(self.emotion_text or self.emotion, self.favorite, self.others)

    def pictures(self, indexes: range) -> Iterator[WantedPicture]:
        """Raises InvalidKeyError when `fname` is no place in the pool."""
        if parse_key(f"{self.fname}_0h.jpeg").root != POOL:
            raise InvalidKeyError(f"fname must begin with {POOL}/, not {self.fname!r}.", field="fname")
        for index in indexes:
            for orientation, (width, height) in PAIR.items():
                key = f"{self.fname}_{index}{LETTERS[orientation]}.jpeg"
                request = PictureRequest(
                    prompt=self.prompt,
                    width=width,
                    height=height,
                    seed=seed_of(key),
                    negative_prompt=self.negative_prompt,
                    model=self.model,
                )
                yield WantedPicture(index, orientation, key, request)


def single_pictures(request: PictureRequest, count: int, name: str) -> list[WantedPicture]:
    """`count` pictures of one prompt, named as the seeds named them, each with a seed of its own."""
    orientation = orientation_of_size(request.width, request.height)
    seeds = (replace(request, seed=(request.seed + index) % SEEDS) for index in range(count))
    return [
        WantedPicture(index, orientation, f"{POOL}/{name}_{index}.jpeg", seeded) for index, seeded in enumerate(seeds)
    ]


def time_name() -> str:
    """`img_YYYYMMDD-HHMMSS`, in the site's time."""
    return f"img_{timezone.localtime():%Y%m%d-%H%M%S}"


def pool_folder(emotion: str, favorite: str) -> str:
    return f"{POOL}/{join_emotion(emotion, favorite)}"


def seed_of(text: str) -> int:
    """The same text, the same seed: a picture asked for again is the same picture."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
