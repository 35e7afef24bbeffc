"""Answers to the kiosk's guess: counted by week, of nobody."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from garden.models import DailyCount

pytestmark = pytest.mark.django_db


def tell(client: Client, **content: str) -> int:
    return client.post("/guess", content, content_type="application/json").status_code


def test_it_counts_answers_of_a_week_together(client: Client) -> None:
    with time_machine.travel(datetime(2026, 11, 16, 9, tzinfo=UTC)):
        assert tell(client, guessed="happy", said="happy") == 204
    with time_machine.travel(datetime(2026, 11, 22, 9, tzinfo=UTC)):
        assert tell(client, guessed="happy", said="happy") == 204
        assert tell(client, guessed="happy", said="sad") == 204
    rows = DailyCount.objects.order_by("name").values_list("name", "day", "count")
    monday = date(2026, 11, 16)
    assert list(rows) == [("guess server happy happy", monday, 2), ("guess server happy sad", monday, 1)]


def test_it_keeps_nothing_but_the_week_the_words_and_the_count() -> None:
    names = {field.name for field in DailyCount._meta.get_fields()}
    assert names == {"id", "name", "day", "count"}


@pytest.mark.parametrize("content", [{"guessed": "happy"}, {"guessed": "happy", "said": "hungry"}, {}])
def test_it_refuses_words_that_are_no_moods(client: Client, content: dict[str, str]) -> None:
    assert tell(client, **content) == 400
    assert not DailyCount.objects.exists()


def test_it_leaves_old_weeks_out_of_the_share() -> None:
    with time_machine.travel(datetime(2026, 1, 5, tzinfo=UTC)):
        DailyCount.objects.add_guess(guessed="happy", said="sad")
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC)):
        DailyCount.objects.add_guess(guessed="happy", said="happy")
        DailyCount.objects.add_guess(guessed="calm", said="sad")
        assert DailyCount.objects.guesses(weeks=12) == (2, 1)
