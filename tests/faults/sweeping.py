"""A sweep of retention that is killed before each of its writes: `python -m tests.faults.sweeping`.

For every such step a child sweeps a garden full of old and young things and dies there; another sweep follows. Prints a
JSON line a death: what was found in between and afterwards.
"""

import gc
import json
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import django

from tests.faults.killing import LAST, STRIDE, Steps, in_a_child

OLD, YOUNG = 5, 2


def plant() -> None:
    """Old and young visitors with all that leads back to them, consents and a record of processing."""
    from django.db import transaction

    from garden.models import Alarm, Consent, ProcessingEntry, ProcessingHead, Visitor
    from recommend.models import Slate
    from tests.support.factories import KioskFactory

    with transaction.atomic():
        for model in (Slate, Visitor, Consent, ProcessingEntry, ProcessingHead, Alarm):
            model._default_manager.all().delete()
        kiosk = KioskFactory.create(name=f"Foyer {uuid.uuid4()}")
        for number in range(OLD + YOUNG):
            _plant_one(number, kiosk)


def _plant_one(number: int, kiosk: Any) -> None:
    from django.utils import timezone

    from garden.models import Alarm, Consent, Visitor
    from garden.privacy.processing_log import Receipt, append, chain_entries
    from recommend.models import Slate
    from tests.support.factories import VisitorFactory

    at = timezone.now() - timedelta(days=5_000 if number < OLD else 0)
    visitor = VisitorFactory.create(id=f"visitor-{number}")
    Visitor.objects.filter(pk=visitor.pk).update(last_seen_at=at)
    Slate.objects.create(visitor=visitor, emotion="calm", recommender="test", personalized=False)
    Slate.objects.filter(visitor=visitor).update(created_at=at)
    Consent.objects.create(pack="eu", notice="x", language="en", given_at=at)
    Alarm.objects.create(kiosk=kiosk, kind="silent", cleared_at=at)
    receipt = Receipt(uuid.uuid4(), "Foyer", "eu", "abc", None)
    append(
        [receipt.entry(step, at, "read" if step == "analysed" else "") for step in ("received", "analysed", "dropped")]
    )
    chain_entries()


def look() -> dict[str, Any]:
    from garden.models import Alarm, Consent, Visitor
    from garden.privacy.processing_log import verify_record
    from recommend.models import Slate

    verdict = verify_record()
    return {
        "visitors": Visitor.objects.count(),
        "slates": Slate.objects.count(),
        "consents": Consent.objects.count(),
        "alarms": Alarm.objects.count(),
        "photos": verdict.photos,
        "problems": verdict.problems,
    }


@contextmanager
def deadly(fatal: int) -> Iterator[Steps]:
    from django.db import connection

    steps = Steps(fatal)
    modules = ("garden.privacy.retention", "garden.privacy.processing_log", "recommend.services.retention")
    with connection.execute_wrapper(steps.before_sql):
        patches = [mock.patch(f"{module}._BATCH", 3) for module in modules]
        for patch in patches:
            patch.start()
        yield steps
        for patch in patches:
            patch.stop()


def sweep(fatal: int = 0) -> Steps:
    from garden.tasks import sweep_retention

    with deadly(fatal) as steps:
        sweep_retention()
    return steps


def main() -> None:
    django.setup()

    plant()
    sweep()
    plant()
    steps = sweep()
    gc.freeze()
    for fatal in [*steps.writing[::STRIDE], LAST]:
        plant()
        survived = in_a_child(partial(sweep, fatal))
        between = look()
        sweep()
        found = {"step": fatal, "survived": survived, "between": between, "after": look()}
        sys.stdout.write(f"{json.dumps(found)}\n")


if __name__ == "__main__":
    main()
