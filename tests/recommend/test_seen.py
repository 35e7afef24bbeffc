"""What a visitor has seen is not shown to them again while anything else is left."""

import pytest
from rest_framework.test import APIClient

from tests.recommend.cast import plant, post

pytestmark = pytest.mark.django_db


def ask(api: APIClient, visitor: str, **more: object) -> tuple[list[str], str]:
    answer = post(api, "/garden", id=visitor, emotion="calm", **more).json()
    return [image["key"] for image in answer["landscape"]], answer["recommendationId"]


def test_six_rounds_of_three_show_eighteen_pictures(api: APIClient) -> None:
    plant(18)
    shown: list[str] = []
    for _ in range(6):
        three = ask(api, "ann", limit=3)[0]
        post(api, "/like", id="ann", itemId=three[0], impression=three)
        shown += three
    assert len(set(shown)) == 18
    assert ask(api, "ann", limit=3)[0] == shown[:3]  # All were seen: long ago before lately.


def test_what_others_have_seen_is_nobodys_matter(api: APIClient) -> None:
    (only,) = plant(1)
    post(api, "/like", id="ann", itemId=only.key)
    assert ask(api, "bob")[0] == ask(api, "ann")[0] == [only.key]


def test_what_was_seen_of_an_order_keeps_its_place_in_that_order(api: APIClient) -> None:
    plant(12)
    first, recommendation = ask(api, "ann")
    for _ in range(3):
        post(api, "/like", id="ann", itemId=first[0], impression=first[:3])
    assert ask(api, "ann", recommendationId=recommendation)[0][-1] != first[0]
    assert first[0] in ask(api, "ann")[0][-3:]
