"""Trials of a challenger: which recommender answers a visitor, which trial runs, who began and ended it and why."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed
from django.db import IntegrityError, transaction
from django.dispatch import receiver

from garden.backends import build_backend
from garden.errors import RefusedError
from recommend.backends.base import Recommender
from recommend.backends.registry import CHALLENGER_SETTING, get_challenger, get_recommender, get_uniform
from recommend.models import Trial
from recommend.models.slate import Arm

REMEMBER_SECONDS = 5.0


class RunningTrial:
    """Called, it answers the running trial of the challenger that the settings name; without one it asks nobody."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at: float | None = None
        self._trial: Trial | None = None

    def __call__(self) -> Trial | None:
        if not settings.RECOMMENDER_CHALLENGER.get("BACKEND"):
            return None
        with self._lock:
            now = time.monotonic()
            if self._asked_at is None or now - self._asked_at >= REMEMBER_SECONDS:
                self._trial, self._asked_at = self._ask(), now
            return self._trial

    def forget(self) -> None:
        """Ask again next time: a trial has just begun or ended here."""
        with self._lock:
            self._asked_at = self._trial = None

    def _ask(self) -> Trial | None:
        trial = Trial.objects.running().first()
        return trial if trial and trial.challenger == plain(settings.RECOMMENDER_CHALLENGER) else None


def plain(entry: Mapping[str, Any]) -> Any:
    """A settings entry as JSON keeps it, to compare with one that was kept."""
    return json.loads(json.dumps(entry, default=str, sort_keys=True))


running_trial = RunningTrial()


def choose_arm(*, visitor_id: str, seed: int) -> Arm:
    """The arm of one answer, whose ranking has this seed.

    The hold-out is drawn anew for every answer, so that nobody is left to chance for a whole visit. A trial
    keeps a visitor on the side they fell on; without an id each answer is a visitor of its own.
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
    """Everyone who is told what visitors say: the champion, and a challenger on trial of another backend.

    Two of one backend share what it keeps in the database, which must hear everything once.
    """
    champion = get_recommender()
    if running_trial() is None or isinstance(get_challenger(), type(champion)):
        return [champion]
    return [champion, get_challenger()]


def serving_recommenders() -> list[Recommender]:
    """Everyone who may be asked for the next garden."""
    arms = [Arm.CHAMPION]
    arms += [Arm.HOLDOUT] if settings.RECOMMENDER_HOLDOUT else []
    arms += [Arm.CHALLENGER] if running_trial() else []
    return [recommender_of(arm) for arm in arms]


def fraction(*about: object) -> float:
    """A number in [0, 1) that follows from its arguments alone, evenly spread."""
    digest = hashlib.blake2b("|".join(map(str, about)).encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


@receiver(setting_changed)
def _forget_trial(*, setting: str, **kwargs: object) -> None:
    if setting.startswith("RECOMMENDER"):
        running_trial.forget()


class TrialRefusedError(RefusedError):
    """There is no challenger, or nothing to end, or another trial runs."""

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
        raise TrialRefusedError("A trial runs already: stop it first.") from error
    running_trial.forget()
    return trial


def stop_trial(*, by: str, because: str) -> Trial:
    """End the running trial. Raises TrialRefusedError when none runs."""
    trial = Trial.objects.running().first()
    if trial is None or not Trial.objects.filter(pk=trial.pk).stop(by=by, because=because):
        raise TrialRefusedError("No trial runs.")
    running_trial.forget()
    trial.refresh_from_db()
    return trial
