"""Whatever anybody asks of any page: never a 500, no markup of theirs, nothing of staff's, no change by reading.

Addresses come from the urls and fields from the pages themselves: a new page is tried as soon as it has an address.
"""

import os
import time
from itertools import count
from typing import Any

import pytest

from tests.faults.wandering.addresses import every_address, some_addresses
from tests.faults.wandering.people import PEOPLE, meet
from tests.faults.wandering.planted import plant
from tests.faults.wandering.wandering import Walk

pytestmark = pytest.mark.django_db
OTHERS = PEOPLE[:-1]
MINUTES = float(os.environ.get("WANDERING_MINUTES", "60"))


@pytest.fixture(autouse=True)
def _nobody_is_waited_for(settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = settings.RENDER_WAIT_SECONDS = 0
    settings.GENERATION_ENGINES = {"quick": {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}}}
    settings.GENERATION_DEFAULT_ENGINE = "quick"


def test_every_page_has_an_address() -> None:
    routes = {address.route for address in every_address()}
    assert {"admin/curation/review/", "like", "admin/garden/image/"} <= routes


def test_no_page_is_broken_by_who_may_do_everything() -> None:
    walk = Walk(meet("superuser"), plant())
    for address in some_addresses():
        walk.visit(address, 0, 1)
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.parametrize("kind", OTHERS)
def test_no_page_is_broken_by_others(kind: str) -> None:
    """Each page by one of them."""
    walk, place = Walk(meet(kind), plant()), OTHERS.index(kind)
    for address in some_addresses()[place :: len(OTHERS)]:
        walk.stray(address, place)
    assert not walk.faults, "\n".join(walk.faults)


@pytest.mark.long
@pytest.mark.parametrize("kind", PEOPLE)
def test_nobody_breaks_a_page_in_hours(kind: str) -> None:
    walk, end = Walk(meet(kind), plant()), time.monotonic() + MINUTES * 60 / len(PEOPLE)
    for number in count(100):
        for address in every_address():
            walk.visit(address, number, 4)
            if time.monotonic() > end:
                break
        else:
            continue
        break
    assert not walk.faults, "\n".join(dict.fromkeys(walk.faults))
