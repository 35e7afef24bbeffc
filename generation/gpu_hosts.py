"""GPU hosts: the controller role, and when to switch: on while pictures wait, off after an idle time."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.core.cache import caches
from django.core.checks import CheckMessage, register
from django.db.models import Max
from django.utils import timezone

from garden.access.audit_log import record
from garden.backends import build_backend, check_backend, forget_on_change
from garden.errors import GardenError, RefusedError, UnavailableError
from garden.models import AuditEntry
from garden.models.audit import AuditKind, AuditQuerySet
from generation.models import Slot, Worker

SETTING = "GPU_HOST_CONTROLLER"


class HostUnavailableError(UnavailableError):
    """The controller is unavailable; a later try may succeed."""

    code = "host_unavailable"
    retry_after = 30


class HostRefusedError(RefusedError):
    """The provider refused: no such host, or no permission. The detail is the provider's message."""

    code = "host_refused"


class Switch(StrEnum):
    START = "start"
    STOP = "stop"


class HostState(StrEnum):
    """State of all hosts together: `ON` if one runs, else `STARTING` or `STOPPING` if one is in transition."""

    UNMANAGED = "unmanaged"
    OFF = "off"
    STARTING = "starting"
    ON = "on"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The state of all hosts together, of each host by name, and the addresses of running hosts."""

    state: HostState
    hosts: tuple[tuple[str, HostState], ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostController(ABC):
    """Switches GPU hosts. Subclasses declare their options as keyword-only dataclass fields.

    Every method raises HostUnavailableError or HostRefusedError, and is idempotent.
    `manages` is false for a controller without hosts.
    """

    manages: ClassVar[bool] = True

    @abstractmethod
    def start(self) -> None:
        """Request the start of every host, without waiting for it."""

    @abstractmethod
    def stop(self) -> None:
        """Request the stop of every host, without waiting for it."""

    @abstractmethod
    def status(self) -> HostStatus:
        """The current state of the hosts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoHostController(HostController):
    """The default: no hosts, or hosts that are switched elsewhere."""

    manages: ClassVar[bool] = False

    def start(self) -> None:
        pass

    stop = start

    def status(self) -> HostStatus:
        return HostStatus(HostState.UNMANAGED)


@lru_cache(maxsize=1)
def get_host_controller() -> HostController:
    return build_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


@register("site")
def check_host_controller(**kwargs: Any) -> list[CheckMessage]:
    return check_backend(SETTING, settings.GPU_HOST_CONTROLLER, HostController)


SHORTEST_IDLE, LONGEST_IDLE = 60, 7 * 86_400
"""In seconds. The schedule runs once a minute."""
QUEUE = "the queue"
"""The name in the audit log of switches without a person; a username has no space."""
STATUS_SECONDS = 3
"""Seconds for which a status is cached."""
AWAY_SECONDS = 15
"""Seconds for which an unavailable provider is not queried again."""
_STATUS = "generation.gpu_hosts.status"


@dataclass(frozen=True, slots=True)
class Situation:
    """The input of the decision.

    `waiting` pictures are claimable and `running` ones are leased, both for engines on these hosts; `last_work_at` is
    the last time one was finished; `started_at` is when the hosts were last started. Both may be unknown.
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


def decide(situation: Situation, idle_after: timedelta) -> Switch | None:
    """Start hosts that are off when there is work; stop hosts that are on after `idle_after` without any.

    Hosts in transition and unmanaged hosts are not switched. A host that was just started gets `idle_after` for its
    first work. If neither time is known, the hosts are stopped at once.
    """
    if situation.has_work:
        return Switch.START if situation.state is HostState.OFF else None
    stop = stops_at(situation, idle_after)
    return Switch.STOP if stop is not None and situation.now >= stop else None


def stops_at(situation: Situation, idle_after: timedelta) -> datetime | None:
    """When idle hosts will be stopped; None while they are off, in transition or at work."""
    if situation.has_work or situation.state is not HostState.ON:
        return None
    known = [moment for moment in (situation.last_work_at, situation.started_at) if moment is not None]
    return max(known) + idle_after if known else situation.now


def get_status() -> HostStatus:
    """At most STATUS_SECONDS old. Raises HostUnavailableError and HostRefusedError."""
    cached: HostStatus | str | None = caches["local"].get(_STATUS)
    if isinstance(cached, str):
        raise HostUnavailableError(cached)
    if cached is None:
        try:
            cached = get_host_controller().status()
        except HostUnavailableError as error:
            caches["local"].set(_STATUS, error.detail, AWAY_SECONDS)
            raise
        caches["local"].set(_STATUS, cached, STATUS_SECONDS)
    return cached


def forget_status() -> None:
    """Drop the cached status."""
    caches["local"].delete(_STATUS)


forget_on_change(get_host_controller.cache_clear, SETTING)
forget_on_change(forget_status, SETTING)


def switch_by_queue() -> Switch | None:
    """Start or stop the hosts as the queue requires. Raises HostUnavailableError and HostRefusedError."""
    decision = decide(situation_of(get_host_controller().status()), idle_time())
    if decision is not None:
        _switch(decision, None)
    return decision


def start_hosts(*, by: Any = None) -> None:
    _switch(Switch.START, by)


def stop_hosts(*, by: Any = None) -> None:
    """After a person's stop, only a person or a new job starts the hosts again."""
    _switch(Switch.STOP, by)


def set_idle_time(*, seconds: int, by: Any) -> None:
    """Set after how long without work the hosts are stopped; 0 restores GPU_HOST_IDLE_MINUTES."""
    if chosen_idle_seconds() != seconds:
        _record("idle", by, seconds=seconds)


def chosen_idle_seconds() -> int:
    """The idle time that a person set last; 0 for GPU_HOST_IDLE_MINUTES."""
    last = _events("idle").values_list("detail__seconds", flat=True).first()
    return int(last or 0)


def idle_time() -> timedelta:
    return timedelta(seconds=chosen_idle_seconds() or 60 * settings.GPU_HOST_IDLE_MINUTES)


def blocking_stop() -> AuditEntry | None:
    """The last switch, if it is a person's stop: jobs created before it do not start the hosts."""
    last = _events(Switch.START, Switch.STOP).first()
    return last if last is not None and last.about == _ABOUT + Switch.STOP and last.who != QUEUE else None


def situation_of(status: HostStatus) -> Situation:
    slots = Slot.objects.of_engines(settings.GPU_HOST_ENGINES)
    stopped = blocking_stop() if status.state is HostState.OFF else None
    counted = slots.filter(job__created_at__gt=stopped.at) if stopped else slots
    return Situation(
        now=timezone.now(),
        state=status.state,
        waiting=counted.claimable().count(),
        running=counted.leased().count(),
        last_work_at=slots.aggregate(Max("finished_at"))["finished_at__max"],
        started_at=_events(Switch.START, f"{Switch.START} requested").aggregate(Max("at"))["at__max"],
    )


def _switch(switch: Switch, by: Any) -> None:
    """A person's request is recorded before it is carried out, and counts as a start: if the process is killed,
    the next check would stop the hosts. The queue tries every minute, so only its success is recorded.
    """
    if by:
        _record(f"{switch} requested", by)
    try:
        controller = get_host_controller()
        controller.start() if switch is Switch.START else controller.stop()
    except GardenError as error:
        if by:
            _record(f"{switch} failed", by, why=error.detail)
        raise
    finally:
        forget_status()
    _record(switch, by)


_ABOUT = "GPU hosts: "


def _record(what: str, by: Any, **detail: Any) -> None:
    record(AuditKind.CHANGED, f"{_ABOUT}{what}", who=by.get_username() if by else QUEUE, **detail)


def _events(*what: str) -> AuditQuerySet:
    """Newest first."""
    entries: AuditQuerySet = AuditEntry.objects.filter(kind=AuditKind.CHANGED, about__in=[_ABOUT + one for one in what])
    return entries.order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class Outlook:
    """`waiting` and `running` count pictures for engines of the hosts, `workers` the online workers of these engines.

    `idle_seconds` is in effect; `idle_chosen` is what a person set, 0 for the site's setting. `stops_at` is None
    while the hosts are not on, or have work. `held`: a person stopped them, and there was no new job since.
    """

    state: HostState
    hosts: dict[str, HostState]
    waiting: int
    running: int
    workers: int
    idle_seconds: int
    idle_chosen: int
    stops_at: datetime | None
    held: bool


def get_outlook() -> Outlook:
    """Raises HostUnavailableError and HostRefusedError."""
    status, idle = get_status(), idle_time()
    situation = situation_of(status)
    engines = settings.GPU_HOST_ENGINES
    slots = Slot.objects.of_engines(engines)
    is_off = status.state is HostState.OFF
    online = Worker.objects.online().values_list("engines", flat=True)
    return Outlook(
        state=status.state,
        hosts=dict(status.hosts),
        waiting=slots.claimable().count() if is_off else situation.waiting,
        running=slots.leased().count() if is_off else situation.running,
        workers=sum(not set(engines).isdisjoint(own) for own in online),
        idle_seconds=int(idle.total_seconds()),
        idle_chosen=chosen_idle_seconds(),
        stops_at=stops_at(situation, idle),
        held=is_off and not situation.has_work and blocking_stop() is not None,
    )
