"""The kiosk asks for the next pictures after each answer, and shows those it has where nothing answers."""

import json
from typing import Any

import pytest
from playwright.sync_api import Request, Response

from garden.models import Image
from recommend.models import Interaction, Slate
from tests.journeys.conftest import plant
from tests.journeys.kiosk_page import KioskPage

SLATES = 4


@pytest.fixture
def garden(transactional_db: None) -> list[Image]:
    return plant(*(f"emotions/calm/img_{n}_{n}" for n in range(SLATES * 3)))


def test_it_asks_again_after_each_answer(kiosk: KioskPage) -> None:
    asked: list[dict[str, Any]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/garden"):
            asked.append(json.loads(request.post_data or "{}"))

    kiosk.page.on("request", note)
    shown = kiosk.open().goes_to_garden()
    for number in range(1, SLATES):
        with kiosk.page.expect_response(_is_garden) as answered:
            if number == 1:
                kiosk.like(0)
            else:
                kiosk.touch("next")
                shown += kiosk.sees_pictures()
        if number == 1:
            kiosk.touch("next")
            shown += kiosk.sees_pictures()
        following = [picture["key"] for picture in answered.value.json()["portrait"]]
        assert set(following[: len(following) - len(asked[-1]["shown"])]).isdisjoint(asked[-1]["shown"])
    assert len(set(shown)) == len(shown) == SLATES * 3
    assert [len(one.get("shown", ())) for one in asked[:4]] == [0, 3, 9, 12]
    kiosk.touch("next")
    kiosk.rests()
    named = [(row.slate, row.impression) for row in Interaction.objects.select_related("slate")]
    assert all(slate and set(keys) <= {key for key, _ in slate.portrait} for slate, keys in named)
    assert len({slate.pk for slate, _ in named if slate}) > 1
    assert Slate.objects.filter(follows=None).count() == 1


def test_it_falls_back_to_the_earlier_answer_without_network(kiosk: KioskPage) -> None:
    shown = kiosk.open().goes_to_garden()
    kiosk.page.route("**/garden", lambda route: route.abort("connectionrefused"))
    for _ in range(SLATES - 1):
        with kiosk.page.expect_event("requestfailed", _is_garden):
            kiosk.like(0)
        kiosk.touch("next")
        shown += kiosk.sees_pictures()
    assert len(set(shown)) == SLATES * 3
    kiosk.problems.clear()  # The browser itself reports the requests that we broke.


def _is_garden(sent: Request | Response) -> bool:
    return sent.url.endswith("/garden")
