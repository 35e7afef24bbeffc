"""Background work of choosing: ids in, nothing out, safe to repeat."""

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
from recommend.services.descriptions import describe_missing

logger = logging.getLogger(__name__)

SWEPT = 2_000
"""Images described in one turn of the sweep; the next turn goes on."""


@shared_task
def describe_images(images: Sequence[int]) -> int:
    """Describe pictures that have just appeared."""
    missing = Description.objects.missing(layout().version).filter(pk__in=images)
    return sum(describe_missing(images=missing))


@shared_task
def sweep_descriptions(*, lately: bool = False) -> int:
    """Describe what no message led to: imports, restored pictures, a message that was lost.

    `lately` looks at images changed within the last hour only, so that it may be asked often.
    """
    missing = Description.objects.missing(layout().version).order_by("-pk")
    if lately:
        missing = missing.filter(changed_at__gte=timezone.now() - timedelta(hours=1))
    return sum(describe_missing(images=missing[:SWEPT]))


@shared_task
def keep_snapshot() -> None:
    """Write down what was learned, so that a process that starts has little to read."""
    for recommender in learners():
        try:
            recommender.keep()
        except GardenError as error:
            logger.warning("%s: %s", recommender.name, error.detail)


@shared_task
def watch_trial() -> None:
    """End the trial of a challenger that is surely worse."""
    for trial in Trial.objects.running():
        stop_if_worse(trial)


@shared_task
def deliver_events() -> None:
    """Tell Personalize what visitors said just now; what is missed here is told within a minute."""
    for recommender in learners():
        if isinstance(recommender, PersonalizeRecommender):
            recommender.deliver()


@shared_task
def tally_slates() -> None:
    """The dashboard's sums of today."""
    tally_days()
