"""A shared serializer says what one of its own says: the same data, the same refusals, for any request."""

from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.serializers import Serializer

from recommend.api.serializers import LikeSerializer, RecommendedGardenRequestSerializer, validated

LIKE = {"id": "ann", "itemId": "emotions/calm/1h.jpeg"}


@pytest.mark.parametrize(
    "said",
    [
        LIKE,
        {**LIKE, "impression": ["a", "b"], "like": False, "eventId": "1"},
        {**LIKE, "impression": None, "recommendationId": None},
        {"id": "ann", "itemId": None, "impression": ["a"]},
    ],
)
def test_what_is_said_is_read_as_by_a_serializer_of_its_own(said: Any) -> None:
    for _ in range(2):
        assert dict(validated(LikeSerializer, said)) == dict(_own(LikeSerializer, said))


@pytest.mark.parametrize("kind", [LikeSerializer, RecommendedGardenRequestSerializer])
@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "like",
        {},
        {"id": None, "itemId": 3, "impression": [None], "emotion": ["calm"]},
        {"id": "ann", "itemId": None, "start": -1, "limit": "many", "recommendationId": "x" * 300},
        {"id": "a\0b", "itemId": "k" * 5_000, "impression": ["k"] * 26},
    ],
)
def test_what_is_refused_is_refused_in_the_same_words(kind: type[Serializer[Any]], said: Any) -> None:
    assert _refusal(validated, kind, said) == _refusal(_own, kind, said)


def test_one_request_leaves_nothing_to_the_next() -> None:
    validated(LikeSerializer, {**LIKE, "like": False, "eventId": "1"})
    with pytest.raises(ValidationError):
        validated(LikeSerializer, {})
    assert dict(validated(LikeSerializer, LIKE)) == {**LIKE, "like": True}


def _own(kind: type[Serializer[Any]], said: Any) -> Any:
    serializer = kind(data=said)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _refusal(read: Any, kind: type[Serializer[Any]], said: Any) -> Any:
    """Words and codes; None where it was taken."""
    try:
        read(kind, said)
    except ValidationError as error:
        return error.get_full_details()
    return None
