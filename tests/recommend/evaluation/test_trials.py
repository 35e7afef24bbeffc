"""A trial begins and ends with a name and a reason; a challenger that is surely worse ends it by itself."""

import json
import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from recommend.evaluation.experiments import judge, running_trial, start_trial, stop_if_worse
from recommend.models import Arm, Interaction, Slate, Trial
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.services.likes import Like, record_like
from tests.recommend.cast import plant
from tests.recommend.evaluation.world import visit

pytestmark = pytest.mark.django_db
LAST_FIRST = {"BACKEND": "tests.recommend.evaluation.world.LastFirstRecommender", "OPTIONS": {}}
FIRST_LAST = {**LAST_FIRST, "OPTIONS": {"ascending": True}}


@pytest.fixture
def best(settings: Any) -> list[str]:
    """Keys that the champion shows first and the challenger last; everybody likes them."""
    settings.RECOMMENDER, settings.RECOMMENDER_CHALLENGER = LAST_FIRST, FIRST_LAST
    settings.RECOMMENDER_TRIAL_MINIMUM = 20
    return sorted(image.key for image in plant(6))[3:]


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command("recommender_trial", *words, stdout=out, **options)
    return out.getvalue()


def test_a_worse_challenger_is_stopped_and_the_reason_is_kept(best: list[str]) -> None:
    trial = start_trial(by="ann", share=0.5)
    for number in range(80):
        visit(f"visitor-{number}", best)
    stop_if_worse(trial)
    trial.refresh_from_db()
    assert trial.stopped_at is not None
    assert trial.stopped_by == "guard rail"
    assert "worse by more than 0.02" in trial.stopped_because
    assert running_trial() is None


def test_a_challenger_that_makes_visitors_leave_is_stopped(best: list[str], settings: Any) -> None:
    """Who stays likes what the challenger shows as much as the champion's visitors do."""
    settings.RECOMMENDER_CHALLENGER = settings.RECOMMENDER
    trial = start_trial(by="ann", share=0.5)
    for number in range(80):
        slate = visit(f"visitor-{number}", best)
        if number % 3 and Slate.objects.get(pk=slate).arm == Arm.CHALLENGER:
            Interaction.objects.filter(slate__pk=slate).delete()
    before = timezone.now() - timedelta(hours=1)
    Trial.objects.update(started_at=before)
    assert stop_if_worse(trial).stop_because == "", "they may still answer"
    Slate.objects.update(created_at=before + timedelta(minutes=1))
    trial.refresh_from_db()
    assert "worse by" in stop_if_worse(trial).stop_because


def test_a_slate_that_was_asked_for_and_not_shown_does_not_count(best: list[str]) -> None:
    trial = start_trial(by="ann", share=0.5)
    first = visit("ann", best)
    recommend_garden(
        request=GardenRequest(visitor_id="ann", emotion="calm", continues=uuid.UUID(first), shown=best[:3])
    )
    trial.started_at -= timedelta(hours=2)
    Slate.objects.update(created_at=trial.started_at + timedelta(minutes=1))
    verdict = judge(trial)
    assert verdict.champion.slates + verdict.challenger.slates == 1
    assert verdict.champion.answers + verdict.challenger.answers == 2


def test_a_better_challenger_and_an_equal_one_go_on(best: list[str], settings: Any) -> None:
    settings.RECOMMENDER, settings.RECOMMENDER_CHALLENGER = FIRST_LAST, LAST_FIRST
    trial = start_trial(by="ann", share=0.5)
    for number in range(60):
        visit(f"visitor-{number}", best)
    assert stop_if_worse(trial).difference.value > 0
    assert Trial.objects.running().exists()


def test_nothing_is_decided_before_the_minimum_of_slates(best: list[str], settings: Any) -> None:
    settings.RECOMMENDER_TRIAL_MINIMUM = 1_000
    trial = start_trial(by="ann", share=0.5)
    for number in range(60):
        visit(f"visitor-{number}", best)
    assert stop_if_worse(trial).stop_because == ""


def test_a_challenger_that_keeps_failing_is_stopped(best: list[str], settings: Any) -> None:
    settings.RECOMMENDER_CHALLENGER = {"BACKEND": "tests.recommend.broken.BrokenRecommender", "OPTIONS": {}}
    trial = start_trial(by="ann", share=0.9)
    for number in range(70):
        visit(f"visitor-{number}", best)
    assert "failed for" in stop_if_worse(trial).stop_because


def test_judging_needs_the_same_few_queries_for_any_number_of_slates(
    best: list[str], django_assert_max_num_queries: Any
) -> None:
    trial = start_trial(by="ann", share=0.5)
    for number in range(20):
        visit(f"visitor-{number}", best)
    with django_assert_max_num_queries(6):
        judge(trial)


def test_only_one_trial_runs_and_an_ended_one_says_who_and_why(best: list[str]) -> None:
    start_trial(by="ann", share=0.5)
    with pytest.raises(CommandError, match="already running"):
        run("start")
    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.update(stopped_at="2026-01-01T00:00Z")


def test_the_command_starts_shows_and_stops(best: list[str]) -> None:
    with pytest.raises(CommandError, match="no trial yet"):
        run()
    assert "by ann, running" in run("start", by="ann", share=0.5)
    visit("visitor", best)
    shown = json.loads(run("show", json=True))
    assert shown["trial"]["share"] == 0.5
    assert shown["champion"]["slates"] + shown["challenger"]["slates"] == 1
    with pytest.raises(CommandError, match="Give a reason"):
        run("stop")
    assert "stopped" in run("stop", by="bob", because="the show is over")
    assert Trial.objects.get().stopped_because == "the show is over"
    with pytest.raises(CommandError, match="No trial is running"):
        run("stop", because="again")


def test_a_like_taken_back_does_not_count(best: list[str]) -> None:
    trial = start_trial(by="ann", share=0.5)
    slate = visit("visitor", best)
    arm = Slate.objects.get().arm
    before = getattr(judge(trial), arm).value
    liked = [row.item_key for row in Slate.objects.get().interactions.all() if row.item_key]
    for key in liked:
        message = Like(visitor_id="visitor", item=key, impression=[key], liked=False, recommendation_id=slate)
        record_like(like=message)
    assert getattr(judge(trial), arm).value == 0
    assert before == len(liked)


@pytest.mark.parametrize(
    ("challenger", "share", "words"),
    [("", 0.5, "name no challenger"), ("no.Such", 0.5, "cannot be imported")]
    + [(LAST_FIRST["BACKEND"], share, "above 0 and at most 1") for share in (0.0, 1.5)],
)
def test_it_says_why_there_can_be_no_trial(
    best: list[str], settings: Any, challenger: str, share: float, words: str
) -> None:
    settings.RECOMMENDER_CHALLENGER = {"BACKEND": challenger, "OPTIONS": {}}
    with pytest.raises(CommandError, match=words):
        run("start", share=share)
