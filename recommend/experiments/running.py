"""The trial that runs now, asked of the database every few seconds at most."""

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from recommend.models.trial import Trial

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
