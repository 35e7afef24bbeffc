"""Pictures that are like one: near duplicates, then those whose descriptions are most similar.

Descriptions are the recommender's: words, colours and layout, and the embedding where the site has an encoder. A
picture that was never published has none, and is compared by its words. Only some thousand pictures that have
something in common with the one are compared, however many there are.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from curation.duplicates.groups import find_neighbours
from curation.library.search import matching
from curation.models import Fingerprint
from garden.batches import batches
from garden.models import Image
from garden.models.image import ImageQuerySet
from recommend.features import PICTURE_DIMENSION, WORDS_DIMENSION, describe_words, layout
from recommend.models import Description
from recommend.models.description import unpack

MOST = 240
_COMPARED = 500
"""Newest pictures of the same favorite, and of the same emotion."""
_PARTS = (
    slice(WORDS_DIMENSION),
    slice(WORDS_DIMENSION, WORDS_DIMENSION + PICTURE_DIMENSION),
    slice(WORDS_DIMENSION + PICTURE_DIMENSION, None),
)

Vectors = NDArray[np.float32]


def similar_images(image_id: int) -> list[int]:
    """Ids, the most similar first: the picture itself, its near duplicates, then others; none if it does not exist."""
    image = Image.objects.filter(pk=image_id).first()
    if image is None:
        return []
    fingerprint = Fingerprint.objects.filter(pk=image_id).first()
    duplicates = [near.image for near in find_neighbours(fingerprint)] if fingerprint else []
    first = [image_id, *duplicates]
    others = sorted(_candidates(image) - set(first))
    vectors = _vectors([image_id, *others])
    order = np.argsort(-_similarity(vectors[1:], vectors[0]), kind="stable")
    return [*first, *(others[place] for place in order.tolist())][:MOST]


def _candidates(image: Image) -> set[int]:
    images = Image.objects.order_by("-id")
    queries: list[ImageQuerySet] = []
    if image.emotion:
        queries += [images.filter(state=state, emotion=image.emotion) for state in Image.State.values]
    if image.favorite:
        queries.append(images.filter(matching(image.favorite)))
    else:
        queries += [images.filter(state=state) for state in Image.State.values]
    return {pk for query in queries for pk in query.values_list("pk", flat=True)[:_COMPARED]}


def _vectors(images: list[int]) -> Vectors:
    """One row an image: its latest description, or its words alone."""
    found: dict[int, Vectors] = {}
    for some in batches(images):
        described = Description.objects.filter(image__in=some, version=layout().version).order_by("sequence")
        found |= {image: unpack(bytes(vector)) for image, vector in described.values_list("image", "vector")}
    found |= _words([image for image in images if image not in found])
    return np.stack([found[image] for image in images])


def _words(images: Iterable[int]) -> dict[int, Vectors]:
    found: dict[int, Vectors] = {}
    for some in batches(images):
        for pk, prompt, favorite in Image.objects.filter(pk__in=some).values_list("pk", "prompt", "favorite"):
            found[pk] = np.zeros(layout().dimension, np.float32)
            found[pk][:WORDS_DIMENSION] = describe_words(prompt, favorite)
    return found


def _similarity(vectors: Vectors, one: Vectors) -> Vectors:
    """The sum of the cosines of each part; a part that is missing counts nothing."""
    total = np.zeros(len(vectors), np.float32)
    for part in _PARTS:
        lengths = np.linalg.norm(vectors[:, part], axis=1) * np.linalg.norm(one[part])
        total += np.where(lengths > 0, vectors[:, part] @ one[part] / np.maximum(lengths, 1e-9), 0)
    return total
