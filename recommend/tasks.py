"""Background tasks: arguments are ids, repetition is safe."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from garden.celery import shared_task
from garden.errors import GardenError
from recommend.backends.personalize import PersonalizeRecommender
from recommend.evaluation.experiments import learners, stop_if_worse
from recommend.evaluation.log import tally_days
from recommend.features import layout
from recommend.models import Description, Trial
from recommend.services import coverage
from recommend.services.descriptions import describe_missing

logger = logging.getLogger(__name__)

SWEPT = 2_000
"""Images described in one run of the sweep; the next run continues."""


@shared_task
def describe_images(images: Sequence[int]) -> int:
    """Describe new pictures."""
    missing = Description.objects.missing(layout().version).filter(pk__in=images)
    return sum(describe_missing(images=missing))


@shared_task
def sweep_descriptions(*, lately: bool = False) -> int:
    """Describe pictures without a message: imported, restored, or after a lost message.

    `lately` reads only images changed within the last hour, so that it may run often.
    """
    missing = Description.objects.missing(layout().version).order_by("-pk")
    if lately:
        missing = missing.filter(changed_at__gte=timezone.now() - timedelta(hours=1))
    return sum(describe_missing(images=missing[:SWEPT]))


@shared_task
def save_state() -> None:
    """Save what was learned, so that a process that starts has little to read."""
    for recommender in learners():
        try:
            recommender.save_state()
        except GardenError as error:
            logger.warning("%s: %s", recommender.name, error.detail)


@shared_task
def watch_trial() -> None:
    """Stop the trial of a challenger that is significantly worse."""
    for trial in Trial.objects.running():
        stop_if_worse(trial)


@shared_task
def deliver_events() -> None:
    """Send new events to Personalize; `save_state` sends any that are missed within a minute."""
    for recommender in learners():
        if isinstance(recommender, PersonalizeRecommender):
            recommender.deliver()


@shared_task
def tally_slates() -> None:
    """The dashboard's sums of today."""
    tally_days()


@shared_task
def count_coverage() -> None:
    """Find the pictures that visitors have not seen often enough lately."""
    coverage.count_coverage()
