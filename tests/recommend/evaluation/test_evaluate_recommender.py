"""`evaluate_recommender` estimates from random slates how often another recommender would have been liked."""

import json
import random
import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from garden.models import Image
from recommend.evaluation.log import SlateLog
from recommend.models import Interaction, Slate
from tests.recommend.cast import interact, plant
from tests.recommend.evaluation.world import likes, visit

pytestmark = pytest.mark.django_db
LAST_FIRST = "tests.recommend.evaluation.world.LastFirstRecommender"
VISITORS = 150


@pytest.fixture(autouse=True)
def _same_chances_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seeds of rankings are recommendation ids."""
    chances = random.Random(5)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=chances.getrandbits(128)))


@pytest.fixture
def images(settings: Any) -> list[Image]:
    """Six pictures; the last three by key are liked. Everybody saw them by chance."""
    settings.RECOMMENDER_HOLDOUT = 1.0
    settings.RECOMMENDER = {"BACKEND": LAST_FIRST, "OPTIONS": {}}
    return plant(6)


def keys(images: list[Image]) -> list[str]:
    return sorted(image.key for image in images)


def run(*names: str, **options: Any) -> str:
    out = StringIO()
    call_command("evaluate_recommender", *names, stdout=out, stderr=StringIO(), verbosity=0, **options)
    return out.getvalue()


def found(*names: str, **options: Any) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run(*names, json=True, **options))
    return report


def test_it_finds_what_two_recommenders_would_have_been_liked(images: list[Image]) -> None:
    best = keys(images)[3:]
    for number in range(VISITORS):
        visit(f"visitor-{number}", best)
    truth = {
        "champion": sum(likes(f"visitor-{n}", key, best) for n in range(VISITORS) for key in best) / VISITORS,
        LAST_FIRST: sum(likes(f"visitor-{n}", key, best) for n in range(VISITORS) for key in keys(images)[:3])
        / VISITORS,
    }
    report = found("champion", LAST_FIRST, "random", options='{"ascending": true}', level=0.99)
    assert report["read"] == VISITORS
    for target in report["targets"][:2]:
        for estimate in target["estimates"].values():
            assert estimate["low"] <= truth[target["name"]] <= estimate["high"]
            assert estimate["value"] == pytest.approx(truth[target["name"]], abs=0.4)
    (holdout,) = [arm for arm in report["arms"] if arm["arm"] == "holdout"]
    by_chance = report["targets"][2]
    assert by_chance["effective"] == pytest.approx(VISITORS)
    assert by_chance["estimates"]["IPS"]["value"] == pytest.approx(holdout["likes"]["value"])
    assert report["baseline"] == holdout["likes"]["value"]


def test_it_prints_a_table(images: list[Image]) -> None:
    for number in range(20):
        visit(f"visitor-{number}", keys(images)[3:])
    table = run()
    assert "20 slates were shown" in table
    for word in ("champion", "holdout", "IPS", "SNIPS", "DR", "lift", "too few to trust"):
        assert word in table


def test_slates_without_an_answer_or_without_randomness_are_left_out(images: list[Image], settings: Any) -> None:
    visit("ann", keys(images))
    unanswered = visit("bob", keys(images))
    Interaction.objects.filter(slate__pk=unanswered).delete()
    settings.RECOMMENDER_HOLDOUT = 0.0
    visit("cho", keys(images))
    fixed = visit("dan", keys(images))
    Slate.objects.filter(pk=fixed).update(landscape=[[key, 1.0] for key in keys(images)[::-1]])
    report = found()
    assert (report["read"], report["left_out"]) == (3, {"not answered yet": 1})
    (target,) = report["targets"]
    assert target["slates"] == 1
    assert target["skipped"] == {"no propensities were logged": 1, "nothing was random": 1}


def test_an_unanswered_slate_counts_as_shown_and_not_liked(images: list[Image]) -> None:
    visit("ann", keys(images))
    left = visit("bob", keys(images))
    Interaction.objects.filter(slate__pk=left).delete()
    Slate.objects.update(created_at=timezone.now() - timedelta(hours=1))
    first = Slate.objects.get(pk=left)
    Slate.objects.filter(pk=left).update(portrait=first.landscape)
    log = SlateLog()
    shown = {slate.id: slate for slate in log.read()}
    unliked, liked = shown.pop(uuid.UUID(left).int), next(iter(shown.values()))
    assert not log.left_out
    assert unliked.liked == (False, False, False)
    assert (unliked.orientation, len(unliked.keys)) == (liked.orientation, 3)
    assert found()["arms"][2]["likes"]["value"] == sum(liked.liked) / 2


def test_one_arm_alone_can_be_evaluated(images: list[Image], settings: Any) -> None:
    visit("ann", keys(images))
    settings.RECOMMENDER_HOLDOUT = 0.0
    visit("bob", keys(images))
    (target,) = found(arm="holdout")["targets"]
    assert (target["slates"], target["skipped"]) == (1, {})


def test_a_like_taken_back_is_none_and_a_like_of_a_later_picture_is_none_of_the_first(images: list[Image]) -> None:
    slate = visit("ann", keys(images))
    Interaction.objects.all().delete()
    first, *_, last = [Image.objects.get(key=key) for key, _ in Slate.objects.get().landscape]
    interact("ann", first, first, recommendation_id=slate)
    interact("ann", first, first, liked=False, recommendation_id=slate)
    (seen,) = SlateLog().read()
    assert seen.liked == (False, False, False)
    Interaction.objects.all().delete()
    interact("ann", last, last, recommendation_id=slate)
    log = SlateLog()
    assert [(slate.orientation, slate.liked) for slate in log.read()] == [(seen.orientation, (False, False, False))]
    assert not log.left_out


def test_a_time_limits_what_is_read(images: list[Image]) -> None:
    visit("ann", keys(images))
    assert found(since="2020-01-01")["read"] == 1
    with pytest.raises(CommandError, match="No slate was shown"):
        run(until="2020-01-01")
    with pytest.raises(CommandError, match="neither a date"):
        run(since="yesterday")


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("best", "{}", "nor the dotted path"),
        ("challenger", "{}", "name no challenger"),
        ("no.such.Recommender", "{}", "cannot be imported"),
        (LAST_FIRST, '{"speed": 1}', "unknown options speed; known are ascending"),
        (LAST_FIRST, "[]", "must be a JSON object"),
        (LAST_FIRST, "{", "not JSON"),
    ],
)
def test_it_says_what_it_cannot_evaluate(images: list[Image], name: str, options: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(name, options=options)
