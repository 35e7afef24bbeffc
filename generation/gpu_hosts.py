"""GPU hosts: the role of who switches them, and when: on while pictures wait for them, off after a quiet time."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import caches
from django.core.checks import CheckMessage, register
from django.core.signals import setting_changed
from django.db import transaction
from django.db.models import Max
from django.dispatch import receiver
from django.utils import timezone

from garden.access.audit_log import record
from garden.backends import build_backend, check_backend
from garden.errors import GardenError, RefusedError, UnavailableError
from garden.models.audit import AuditKind
from generation.models import HostEvent, Slot, Worker
from generation.models.worker import Switch

SETTING = "GPU_HOST_CONTROLLER"


class HostUnavailableError(UnavailableError):
    """The hosts cannot be asked or switched now; a later try may succeed."""

    code = "host_unavailable"
    retry_after = 30


class HostRefusedError(RefusedError):
    """The provider will not do this: no such host, or no permission. Its own words are the detail."""

    code = "host_refused"


class HostState(StrEnum):
    """Of all hosts together: `ON` when one runs, `STARTING` and `STOPPING` while one is on its way."""

    UNMANAGED = "unmanaged"
    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The state of all hosts together, of each by its name, and where those that run can be reached, if anywhere."""

    state: HostState
    hosts: tuple[tuple[str, HostState], ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostController(ABC):
    """Switches GPU hosts. Subclasses declare their options as keyword-only dataclass fields.

    Every method raises HostUnavailableError or HostRefusedError, and may be repeated without harm.
    `manages` is false for one that has nothing to switch.
    """

    manages: ClassVar[bool] = True

    @abstractmethod
    def start(self) -> None:
        """Ask for every host to be on; returns before they are."""

    @abstractmethod
    def stop(self) -> None:
        """Ask for every host to be off; returns before they are."""

    @abstractmethod
    def status(self) -> HostStatus:
        """How the hosts are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHostController(HostController):
    """The default: the hosts are always on, or somebody else switches them."""

    manages: ClassVar[bool] = False

    def start(self) -> None:
        """Nothing to switch."""

    def stop(self) -> None:
        """Nothing to switch."""

    def status(self) -> HostStatus:
        return HostStatus(HostState.UNMANAGED)


@lru_cache(maxsize=1)
def get_host_controller() -> HostController:
    return build_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


@register()
def check_host_controller(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


SHORTEST_IDLE, LONGEST_IDLE = 60, 7 * 86_400
"""In seconds. The clock looks once a minute."""
IDLE_RULE = f"must be 0 or from {SHORTEST_IDLE} to {LONGEST_IDLE} seconds"
QUEUE = "queue"
STATUS_SECONDS = 3
"""The provider is asked once in so many seconds, however many pages ask."""
AWAY_SECONDS = 15
"""A provider that does not answer is left alone for so long."""
_STATUS = "generation.gpu_hosts.status"


class Decision(StrEnum):
    """What to ask of the host controller now."""

    START = "start"
    STOP = "stop"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Situation:
    """What the decision stands on.

    `waiting` pictures could be claimed now and `running` ones are leased, both for engines on these hosts;
    `last_work_at` is when one was last claimed, finished or asked for; `started_at` when the hosts were last
    switched on. Both may be unknown.
    """

    now: datetime
    state: HostState
    waiting: int
    running: int
    last_work_at: datetime | None = None
    started_at: datetime | None = None

    @property
    def has_work(self) -> bool:
        return self.waiting > 0 or self.running > 0

    @property
    def quiet_since(self) -> datetime | None:
        """The last work or the start, whichever was later; nobody knows when neither is known."""
        known = [moment for moment in (self.last_work_at, self.started_at) if moment is not None]
        return max(known, default=None)


def decide(situation: Situation, idle_after: timedelta) -> Decision:
    """Start hosts that are off when there is work; stop hosts that are on after `idle_after` without any.

    Hosts on their way are left alone, and so are those that nobody manages. A host just started is given
    `idle_after` to find its first work. When nothing tells how long it has been quiet, it has been too long.
    """
    if situation.has_work:
        return Decision.START if situation.state is HostState.OFF else Decision.WAIT
    stop = stops_at(situation, idle_after)
    return Decision.STOP if stop is not None and situation.now >= stop else Decision.WAIT


def stops_at(situation: Situation, idle_after: timedelta) -> datetime | None:
    """When hosts that are on will be stopped if no work comes; None while they are off, on their way or at work."""
    if situation.has_work or situation.state is not HostState.ON:
        return None
    since = situation.quiet_since
    return situation.now if since is None else since + idle_after


def get_status() -> HostStatus:
    """At most STATUS_SECONDS old. Raises HostUnavailableError and HostRefusedError."""
    cached: HostStatus | str | None = caches["local"].get(_STATUS)
    if isinstance(cached, str):
        raise HostUnavailableError(cached)
    return cached or _fetch_status()


def forget_status() -> None:
    """After a switch, the cached status is out of date."""
    caches["local"].delete(_STATUS)


def _fetch_status() -> HostStatus:
    try:
        status = get_host_controller().status()
    except HostUnavailableError as error:
        caches["local"].set(_STATUS, error.detail, AWAY_SECONDS)
        raise
    caches["local"].set(_STATUS, status, STATUS_SECONDS)
    return status


@receiver(setting_changed)
def forget_controller(*, setting: str, **kwargs: Any) -> None:
    if setting == SETTING:
        get_host_controller.cache_clear()
        forget_status()


class BadIdleTimeError(RefusedError):
    """An idle time that is too short or too long."""

    code = "bad_idle_time"


def follow_the_queue() -> Decision:
    """Start or stop the hosts where the queue calls for it. Raises HostUnavailableError and HostRefusedError."""
    decision = decide(situation_of(get_host_controller().status()), idle_time())
    if decision is Decision.START:
        start_hosts()
    elif decision is Decision.STOP:
        stop_hosts()
    return decision


def start_hosts(*, by: Any = None) -> None:
    """Ask for the hosts, and note it: a host just started is given time to find its first work."""
    _switch(Switch.START, by)


def stop_hosts(*, by: Any = None) -> None:
    """Where a person asks, what waits already does not start them again: only a person does, or a new job."""
    _switch(Switch.STOP, by)


def set_idle_time(*, seconds: int, by: Any) -> None:
    """Stop hosts after so long without work from now on; 0 is GPU_HOST_IDLE_MINUTES again. Raises BadIdleTimeError."""
    if not is_idle_time(seconds):
        raise BadIdleTimeError(f"The idle time {IDLE_RULE}.", field="seconds", rule=IDLE_RULE)
    if (HostEvent.objects.idle_seconds() or 0) == seconds:
        return
    with transaction.atomic():
        HostEvent.objects.create(switch=Switch.IDLE, seconds=seconds, by=by)
        _record(Switch.IDLE, by, seconds=seconds)


def is_idle_time(seconds: int) -> bool:
    return seconds == 0 or SHORTEST_IDLE <= seconds <= LONGEST_IDLE


def idle_time() -> timedelta:
    """How long hosts stay on without work."""
    return timedelta(seconds=HostEvent.objects.idle_seconds() or 60 * settings.GPU_HOST_IDLE_MINUTES)


def situation_of(status: HostStatus) -> Situation:
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    stopped = HostEvent.objects.stop_that_holds() if status.state is HostState.OFF else None
    wanted = slots.filter(job__created_at__gt=stopped.at) if stopped else slots
    return Situation(
        now=timezone.now(),
        state=status.state,
        waiting=wanted.claimable().count(),
        running=wanted.leased().count(),
        last_work_at=slots.aggregate(Max("finished_at"))["finished_at__max"],
        started_at=HostEvent.objects.starts().aggregate(Max("at"))["at__max"],
    )


def _switch(switch: Switch, by: Any) -> None:
    """The event comes first: without it, hosts that have just started would be stopped at the next check.

    The request of a person is in the audit log before it is done. The queue tries every minute, so only its success is
    logged.
    """
    with transaction.atomic():
        event = HostEvent.objects.create(switch=switch, by=by)
        if by:
            _record(switch, by)
    try:
        controller = get_host_controller()
        controller.start() if switch is Switch.START else controller.stop()
    except GardenError as error:
        event.delete()
        if by:
            _record(f"{switch} failed", by, why=error.detail)
        raise
    finally:
        forget_status()
    if not by:
        _record(switch, by)


def _record(what: str, by: Any, **detail: Any) -> None:
    record(AuditKind.CHANGED, f"GPU hosts: {what}", who=by.get_username() if by else QUEUE, **detail)


@dataclass(frozen=True, slots=True)
class Outlook:
    """`waiting` and `running` count pictures for engines of the hosts, `workers` those that speak from there.

    `idle` counts now; `chosen_idle` (seconds) is what a person chose, 0 for the site's own setting.
    `stops_at` is None while the hosts are not on, or have work. `held`: a person stopped them, and nothing was asked
    for since.
    """

    status: HostStatus
    waiting: int
    running: int
    workers: int
    idle: timedelta
    chosen_idle: int
    stops_at: datetime | None
    held: bool


def get_outlook() -> Outlook:
    """Raises HostUnavailableError and HostRefusedError."""
    status, idle = get_status(), idle_time()
    situation = situation_of(status)
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    is_off = status.state is HostState.OFF
    return Outlook(
        status=status,
        waiting=slots.claimable().count() if is_off else situation.waiting,
        running=slots.leased().count() if is_off else situation.running,
        workers=_workers(),
        idle=idle,
        chosen_idle=HostEvent.objects.idle_seconds() or 0,
        stops_at=stops_at(situation, idle),
        held=is_off and not situation.has_work and HostEvent.objects.stop_that_holds() is not None,
    )


def _workers() -> int:
    wanted = {*settings.GPU_HOST_ENGINES}
    return sum(not wanted.isdisjoint(engines) for engines in Worker.objects.online().values_list("engines", flat=True))
