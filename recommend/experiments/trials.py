"""Beginning and ending a trial, with the name of who did it and why."""

from django.conf import settings
from django.db import IntegrityError, transaction

from garden.backends import build_backend
from garden.errors import MisconfiguredError, RefusedError
from recommend.backends.base import Recommender
from recommend.experiments.arms import CHALLENGER_SETTING
from recommend.experiments.running import plain, running_trial
from recommend.models import Trial


class TrialRefusedError(RefusedError):
    """There is no challenger, or nothing to end, or another trial runs."""

    code = "trial_refused"


def start_trial(*, by: str) -> Trial:
    """Let the challenger of the settings serve its share of visitors. Raises TrialRefusedError, MisconfiguredError."""
    challenger = settings.RECOMMENDER_CHALLENGER
    if not challenger.get("BACKEND"):
        raise TrialRefusedError("The settings name no challenger (RECOMMENDER_CHALLENGER).")
    if not settings.RECOMMENDER_CHALLENGER_SHARE:
        raise MisconfiguredError("RECOMMENDER_CHALLENGER_SHARE is 0: nobody would be served by the challenger.")
    build_backend(CHALLENGER_SETTING, challenger, Recommender).check()
    trial = Trial(
        challenger=plain(challenger),
        champion=plain(settings.RECOMMENDER),
        share=settings.RECOMMENDER_CHALLENGER_SHARE,
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
