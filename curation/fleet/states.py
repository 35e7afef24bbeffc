"""How a device is, in one word."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from garden.models import Alarm, DeviceHealth

MISSED = timedelta(seconds=45)
"""Three heartbeats."""


class State(StrEnum):
    """In the order that operators want to see them."""

    ALARM = "alarm"
    TROUBLE = "trouble"
    WELL = "well"
    UNSEEN = "unseen"
    OFF = "off"


ORDER = {state: place for place, state in enumerate(State)}


def state_of(health: DeviceHealth | None, alarms: Sequence[Alarm], *, active: bool, now: datetime) -> State:
    """`TROUBLE` may become an alarm, or pass."""
    if not active:
        return State.OFF
    if alarms:
        return State.ALARM
    if health is None:
        return State.UNSEEN
    behind = health.behind_since is not None and now - health.behind_since > MISSED
    missed = now - health.heard_at > MISSED
    return State.TROUBLE if health.problem or behind or missed else State.WELL
