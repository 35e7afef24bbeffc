"""Learning the whole ledger anew by command."""

from io import StringIO

import pytest
from django.core.management import call_command

from recommend.backends.embedded import EmbeddedRecommender
from recommend.models import Ledger, Snapshot
from tests.recommend.cast import plant, say

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = StringIO()
    call_command("rebuild_recommender", *options, stdout=out, verbosity=0)
    return out.getvalue()


def teach() -> None:
    a, b = plant(2)
    say("ann", a, a, b)
    EmbeddedRecommender(snapshot_events=1).keep()
    say("bob", b, a, b)


def test_a_dry_run_says_that_it_is_what_was_learned_one_by_one() -> None:
    teach()
    assert run("--dry-run") == "Learned up to number 2: the same as before.\n"
    assert Ledger.objects.current().epoch == 1


def test_a_dry_run_fails_when_a_snapshot_led_elsewhere() -> None:
    teach()
    other = EmbeddedRecommender()
    with other.consumer.at_head() as (model, _):
        model.joint.mean[0] += 1
    other.consumer.keep(events=1, seconds=0)
    with pytest.raises(SystemExit) as stop:
        run("--dry-run")
    assert stop.value.code == 1


def test_it_begins_an_epoch_with_a_snapshot_that_every_process_goes_on_from() -> None:
    teach()
    running = EmbeddedRecommender(poll_seconds=0)
    with running.consumer.at_head() as (model, _):
        model.joint.mean[0] += 1  # Spoilt.
    run()
    ledger, snapshot = Ledger.objects.current(), Snapshot.objects.get()
    assert (ledger.epoch, snapshot.epoch, snapshot.position) == (2, 2, 2)
    with running.consumer.at_head() as (model, _), EmbeddedRecommender().consumer.at_head() as (fresh, _):
        assert (model.joint.mean == fresh.joint.mean).all()


def test_an_empty_ledger_is_rebuilt_too() -> None:
    assert run() == "Learned up to number 0: the same as before.\n"
    assert run("--renew") == "Learned up to number 0: renewed.\n"
