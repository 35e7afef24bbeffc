"""Trials of a challenger: assignment of visitors to arms, start, stop and result of trials."""

import hashlib
import json
import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from numpy.typing import NDArray

from garden.backends import build_backend, forget_on_change
from garden.errors import RefusedError
from recommend.backends.base import Recommender
from recommend.backends.registry import CHALLENGER_SETTING, get_challenger, get_recommender, get_uniform
from recommend.evaluation.estimators import Estimate, Ratios, influences, reach
from recommend.models import Arm, Interaction, Kind, Slate, Trial
from recommend.models.slate import IMPRESSION_SECONDS
from recommend.models.trial import GUARD

REMEMBER_SECONDS = 5.0


def running_trial() -> Trial | None:
    """The running trial of the challenger in the settings; without one there is no query."""
    if not settings.RECOMMENDER_CHALLENGER.get("BACKEND"):
        return None
    return _running_trial(int(time.monotonic() / REMEMBER_SECONDS))


@lru_cache(maxsize=1)
def _running_trial(period: int) -> Trial | None:
    """One query in each period of REMEMBER_SECONDS."""
    trial = Trial.objects.running().first()
    return trial if trial and trial.challenger == plain(settings.RECOMMENDER_CHALLENGER) else None


def forget_running_trial() -> None:
    """Query again next time: a trial was just started or stopped here."""
    _running_trial.cache_clear()


def plain(entry: Mapping[str, Any]) -> Any:
    """A settings entry as JSON stores it, to compare with a stored one."""
    return json.loads(json.dumps(entry, default=str, sort_keys=True))


def choose_arm(*, visitor_id: str, seed: int) -> Arm:
    """The arm of one response, whose ranking has this seed.

    The hold-out is drawn for each response, so that no whole visit is random. A trial keeps a visitor in one arm;
    without an id each response counts as a visitor.
    """
    if fraction("hold-out", seed) < settings.RECOMMENDER_HOLDOUT:
        return Arm.HOLDOUT
    trial = running_trial()
    if trial is not None and fraction(trial.pk, visitor_id or seed) < trial.share:
        return Arm.CHALLENGER
    return Arm.CHAMPION


def recommender_of(arm: Arm) -> Recommender:
    """Raises MisconfiguredError if the challenger of the settings cannot be built."""
    if arm is Arm.HOLDOUT:
        return get_uniform()
    return get_challenger() if arm is Arm.CHALLENGER else get_recommender()


def learners() -> list[Recommender]:
    """Recommenders that learn from interactions: the champion, and a challenger on trial of another backend.

    Two of one backend share their state in the database, which must learn everything once.
    """
    champion = get_recommender()
    if running_trial() is None or isinstance(get_challenger(), type(champion)):
        return [champion]
    return [champion, get_challenger()]


def serving_recommenders() -> list[Recommender]:
    """Recommenders that may order the next garden."""
    arms = [Arm.CHAMPION]
    arms += [Arm.HOLDOUT] if settings.RECOMMENDER_HOLDOUT else []
    arms += [Arm.CHALLENGER] if running_trial() else []
    return [recommender_of(arm) for arm in arms]


def fraction(*about: object) -> float:
    """A number in [0, 1) from a hash of its arguments, evenly distributed."""
    digest = hashlib.blake2b("|".join(map(str, about)).encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


forget_on_change(forget_running_trial, "RECOMMENDER", "RECOMMENDER_CHALLENGER", "RECOMMENDER_HOLDOUT")


class TrialRefusedError(RefusedError):
    """There is no challenger, no running trial to stop, or another one is running."""

    code = "trial_refused"


def start_trial(*, by: str, share: float) -> Trial:
    """Let the challenger of the settings serve a share of visitors. Raises TrialRefusedError, MisconfiguredError."""
    challenger = settings.RECOMMENDER_CHALLENGER
    if not challenger.get("BACKEND"):
        raise TrialRefusedError("The settings name no challenger (RECOMMENDER_CHALLENGER).")
    if not 0 < share <= 1:
        raise TrialRefusedError("The share of visitors must be above 0 and at most 1.")
    build_backend(CHALLENGER_SETTING, challenger, Recommender).check()
    trial = Trial(
        challenger=plain(challenger),
        champion=plain(settings.RECOMMENDER),
        share=share,
        started_by=by,
    )
    try:
        with transaction.atomic():
            trial.save(force_insert=True)
    except IntegrityError as error:
        raise TrialRefusedError("A trial is already running: stop it first.") from error
    forget_running_trial()
    return trial


def stop_trial(*, by: str, because: str) -> Trial:
    """Stop the running trial. Raises TrialRefusedError if none is running."""
    trial = Trial.objects.running().first()
    if trial is None or not Trial.objects.filter(pk=trial.pk).stop(by=by, because=because):
        raise TrialRefusedError("No trial is running.")
    forget_running_trial()
    trial.refresh_from_db()
    return trial


MARGIN = 0.02
"""Likes per slate by which a challenger must be worse, with confidence."""
FAILING_SHARE = 0.2
FAILING_MINIMUM = 50


@dataclass(frozen=True, slots=True)
class ArmResult:
    """Likes per shown slate of one arm: those with an interaction, and visits' first ones after IMPRESSION_SECONDS.

    `answers` counts all slates, `failed` those by another recommender or in the stable order.
    """

    slates: int
    people: int
    answers: int
    failed: int
    value: float
    deviation: float


@dataclass(frozen=True, slots=True)
class TrialVerdict:
    """Both arms, the difference (challenger − champion) with an always-valid interval, and why to stop, if so."""

    champion: ArmResult
    challenger: ArmResult
    difference: Estimate
    stop_because: str


def judge(trial: Trial) -> TrialVerdict:
    """Results of a trial so far."""
    champion = measure(Arm.CHAMPION, trial.champion, since=trial.started_at, until=trial.stopped_at)
    challenger = measure(Arm.CHALLENGER, trial.challenger, since=trial.started_at, until=trial.stopped_at)
    difference = _difference(champion, challenger)
    return TrialVerdict(champion, challenger, difference, _reason(champion, challenger, difference))


def stop_if_worse(trial: Trial) -> TrialVerdict:
    """Judge the trial, and stop it if the guard rail applies."""
    verdict = judge(trial)
    if verdict.stop_because:
        Trial.objects.filter(pk=trial.pk).stop(by=GUARD, because=verdict.stop_because)
        forget_running_trial()
    return verdict


def measure(arm: Arm, entry: Mapping[str, Any], *, since: datetime, until: datetime | None = None) -> ArmResult:
    """Likes per shown slate, also of those for which the recommender failed. Others have no likes."""
    slates = Slate.objects.filter(arm=arm, created_at__gte=since)
    slates = slates.filter(created_at__lt=until) if until else slates
    by_others = Q(personalized=False)
    if name := _name_of(entry):
        by_others |= ~Q(recommender=name)
    answers = slates.aggregate(all=Count("pk"), failed=Count("pk", filter=by_others))
    likes, people = _likes(slates.values_list("pk", "visitor_id", "created_at", "follows"), _likes_of(since))
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
    except ImportError:  # It was removed since: only slates in the stable order are known to have failed.
        return ""


def _likes_of(since: datetime) -> dict[object, int]:
    """Standing likes by slate, of all slates that were answered since."""
    answers = Interaction.objects.filter(created_at__gte=since, slate__isnull=False)
    kept = Q(kind=Kind.LIKE, taken_back_by__isnull=True)
    return dict(answers.values_list("slate").annotate(likes=Count("pk", filter=kept)).iterator())


def _likes(
    slates: Iterable[tuple[object, str | None, datetime, object]], likes: dict[object, int]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Likes of the shown slates (slates × 1) and a number for each one's visitor."""
    left = timezone.now() - timedelta(seconds=IMPRESSION_SECONDS)
    shown = [
        (likes.get(slate, 0), visitor or str(slate))
        for slate, visitor, at, follows in slates
        if slate in likes or (follows is None and at < left)
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
        return f"The challenger failed for {challenger.failed} of {challenger.answers} gardens."
    minimum = settings.RECOMMENDER_TRIAL_MINIMUM
    if min(champion.slates, challenger.slates) < minimum or difference.high >= -MARGIN:
        return ""
    return (
        f"After {challenger.slates} slates the challenger has {challenger.value:.3f} likes per slate, the champion "
        f"{champion.value:.3f}: worse by more than {MARGIN:g} (the difference is at most {difference.high:.3f})."
    )
