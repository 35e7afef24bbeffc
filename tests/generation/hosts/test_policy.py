from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from generation.gpu_hosts import Decision, HostState, Situation, decide

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
IDLE = timedelta(minutes=15)
MOMENTS = st.none() | st.integers(0, 120).map(lambda minutes: NOW - timedelta(minutes=minutes))
SITUATIONS = st.builds(
    Situation,
    now=st.just(NOW),
    state=st.sampled_from(HostState),
    waiting=st.integers(0, 3),
    running=st.integers(0, 3),
    last_work_at=MOMENTS,
    started_at=MOMENTS,
)


def minutes_ago(minutes: int) -> datetime:
    return NOW - timedelta(minutes=minutes)


def test_it_starts_hosts_when_there_is_work() -> None:
    assert decide(Situation(NOW, HostState.OFF, waiting=1, running=0), IDLE) is Decision.START


def test_it_stops_hosts_after_the_idle_time() -> None:
    quiet = Situation(NOW, HostState.ON, 0, 0, last_work_at=minutes_ago(15), started_at=minutes_ago(90))
    assert decide(quiet, IDLE) is Decision.STOP
    assert decide(quiet, IDLE + timedelta(seconds=1)) is Decision.WAIT


def test_a_host_just_started_is_given_time_to_find_work() -> None:
    fresh = Situation(NOW, HostState.ON, 0, 0, last_work_at=minutes_ago(600), started_at=minutes_ago(2))
    assert decide(fresh, IDLE) is Decision.WAIT


def test_hosts_that_nobody_knows_anything_about_are_stopped() -> None:
    assert decide(Situation(NOW, HostState.ON, 0, 0), IDLE) is Decision.STOP


@given(SITUATIONS)
def test_it_never_stops_hosts_that_have_work_nor_starts_them_without(situation: Situation) -> None:
    decision = decide(situation, IDLE)
    assert not (decision is Decision.STOP and situation.has_work)
    assert not (decision is Decision.START and not situation.has_work)


@given(SITUATIONS)
def test_it_only_switches_what_is_in_the_other_state(situation: Situation) -> None:
    decision = decide(situation, IDLE)
    assert decision is not Decision.START or situation.state is HostState.OFF
    assert decision is not Decision.STOP or situation.state is HostState.ON


@given(SITUATIONS, st.integers(0, 60), st.integers(0, 60))
def test_more_patience_never_stops_earlier(situation: Situation, shorter: int, more: int) -> None:
    patient = decide(situation, timedelta(minutes=shorter + more))
    assert patient is not Decision.STOP or decide(situation, timedelta(minutes=shorter)) is Decision.STOP
