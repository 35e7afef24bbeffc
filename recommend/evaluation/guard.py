"""The guard rail of a trial: a challenger that is surely worse, or keeps failing, is taken out."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from recommend.evaluation.estimators import Estimate, Ratios, influences, reach
from recommend.evaluation.trials import running_trial
from recommend.models import Arm, Interaction, Kind, Slate, Trial
from recommend.models.slate import LOOK_SECONDS
from recommend.models.trial import GUARD

MARGIN = 0.02
"""Likes a slate by which a challenger must surely be worse."""
FAILING_SHARE = 0.2
FAILING_MINIMUM = 50


@dataclass(frozen=True, slots=True)
class ArmResult:
    """Likes per shown slate of one arm: all but those younger than LOOK_SECONDS that nobody has answered yet.

    `answers` counts all slates, `failed` those that another recommender made or that are in the stable order.
    """

    slates: int
    people: int
    answers: int
    failed: int
    value: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """Both arms, the difference (challenger − champion) with an always-valid interval, and why to stop, if so."""

    champion: ArmResult
    challenger: ArmResult
    difference: Estimate
    stop_because: str


def judge(trial: Trial) -> Verdict:
    """What is known of a trial so far."""
    champion = measure(Arm.CHAMPION, trial.champion, since=trial.started_at, until=trial.stopped_at)
    challenger = measure(Arm.CHALLENGER, trial.challenger, since=trial.started_at, until=trial.stopped_at)
    difference = _difference(champion, challenger)
    return Verdict(champion, challenger, difference, _reason(champion, challenger, difference))


def stop_if_worse(trial: Trial) -> Verdict:
    """Judge, and end the trial if a guard rail says so."""
    verdict = judge(trial)
    if verdict.stop_because:
        Trial.objects.filter(pk=trial.pk).stop(by=GUARD, because=verdict.stop_because)
        running_trial.forget()
    return verdict


def measure(arm: Arm, entry: Mapping[str, Any], *, since: datetime, until: datetime | None = None) -> ArmResult:
    """Likes per shown slate, also of those that the recommender failed for. Unanswered slates have no likes."""
    slates = Slate.objects.filter(arm=arm, created_at__gte=since)
    slates = slates.filter(created_at__lt=until) if until else slates
    by_others = Q(personalized=False)
    if name := _name_of(entry):
        by_others |= ~Q(recommender=name)
    answers = slates.aggregate(all=Count("pk"), failed=Count("pk", filter=by_others))
    likes, people = _likes(slates.values_list("pk", "visitor_id", "created_at"), _likes_of(since))
    ratios = Ratios(likes, np.ones_like(likes))
    influence = influences(ratios, people)
    return ArmResult(
        slates=len(likes),
        people=len(influence),
        answers=answers["all"],
        failed=answers["failed"],
        value=ratios.value,
        deviation=float(np.sqrt((influence**2).sum())),
    )


def _name_of(entry: Mapping[str, Any]) -> str:
    """How slates name the recommender of a settings entry."""
    try:
        return str(import_string(entry["BACKEND"]).name)
    except ImportError:  # It was removed since the trial: only what was in the stable order is known to have failed.
        return ""


def _likes_of(since: datetime) -> dict[object, int]:
    """Standing likes by slate, of all slates that were answered since."""
    said = Interaction.objects.filter(created_at__gte=since, slate__isnull=False)
    kept = Q(kind=Kind.LIKE, taken_back_by__isnull=True)
    return dict(said.values_list("slate").annotate(likes=Count("pk", filter=kept)).iterator())


def _likes(
    slates: Iterable[tuple[object, str | None, datetime]], likes: dict[object, int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Likes of the shown slates (slates × 1) and a number for each one's visitor."""
    left = timezone.now() - timedelta(seconds=LOOK_SECONDS)
    shown = [
        (likes.get(slate, 0), visitor or str(slate)) for slate, visitor, at in slates if slate in likes or at < left
    ]
    _, people = np.unique(np.array([person for _, person in shown], dtype=str), return_inverse=True)
    return np.array([[count] for count, _ in shown], np.float64).reshape(-1, 1), people.astype(np.int64)


def _difference(champion: ArmResult, challenger: ArmResult) -> Estimate:
    value = challenger.value - champion.value
    people = min(champion.people, challenger.people)
    if people < 2:
        return Estimate(value, -math.inf, math.inf)
    deviation = math.hypot(champion.deviation, challenger.deviation)
    wide = reach(deviation, people, tightest_at=settings.RECOMMENDER_TRIAL_MINIMUM)
    return Estimate(value, value - wide, value + wide)


def _reason(champion: ArmResult, challenger: ArmResult, difference: Estimate) -> str:
    if challenger.answers >= FAILING_MINIMUM and challenger.failed > FAILING_SHARE * challenger.answers:
        return f"The challenger failed for {challenger.failed} of {challenger.answers} visitors' gardens."
    minimum = settings.RECOMMENDER_TRIAL_MINIMUM
    if min(champion.slates, challenger.slates) < minimum or difference.high >= -MARGIN:
        return ""
    return (
        f"After {challenger.slates} slates the challenger gets {challenger.value:.3f} likes a slate, the champion "
        f"{champion.value:.3f}: surely worse by more than {MARGIN:g} (the difference is at most {difference.high:.3f})."
    )
