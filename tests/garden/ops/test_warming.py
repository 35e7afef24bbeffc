"""What is loaded beside the first requests, and for how long it keeps visitors away."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.dispatch import Signal

from garden.ops.health import WarmUp
from tools.services.ports import wait_until


@pytest.fixture
def read() -> Iterator[threading.Event]:
    """Set once everything is read."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def signal(read: threading.Event) -> Signal:
    def load(**signal: Any) -> None:
        read.wait(timeout=240)

    signal = Signal()
    signal.connect(load, weak=False)
    return signal


def test_what_never_began_keeps_nobody_away(signal: Signal) -> None:
    warm_up = WarmUp(signal)
    assert not warm_up.is_under_way()
    assert not warm_up.keeps_visitors_away()


def test_visitors_are_kept_away_until_everything_is_read(signal: Signal, read: threading.Event) -> None:
    warm_up = WarmUp(signal)
    warm_up.begin()
    assert warm_up.is_under_way()
    assert warm_up.keeps_visitors_away()
    read.set()
    wait_until(lambda: not warm_up.is_under_way())
    assert not warm_up.keeps_visitors_away()


def test_after_a_while_any_order_is_better_than_none(signal: Signal) -> None:
    warm_up = WarmUp(signal, patience=0.0)
    warm_up.begin()
    assert warm_up.is_under_way()
    assert not warm_up.keeps_visitors_away()


def test_one_part_that_fails_does_not_keep_the_others_from_loading() -> None:
    def fail(**signal: Any) -> None:
        raise ConnectionError("nobody answers")

    loaded = threading.Event()
    signal = Signal()
    signal.connect(fail, weak=False)
    signal.connect(lambda **signal: loaded.set(), weak=False)
    warm_up = WarmUp(signal)
    warm_up.begin()
    wait_until(lambda: not warm_up.is_under_way())
    assert loaded.is_set()
