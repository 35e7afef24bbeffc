from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from garden.models import AuditEntry
from generation.gpu_hosts import (
    HostController,
    HostState,
    HostStatus,
    HostUnavailableError,
    Switch,
    get_outlook,
    get_status,
    set_idle_time,
    start_hosts,
    stop_hosts,
    switch_by_queue,
)
from generation.models import GenerationJob, Slot
from generation.tasks import switch_hosts
from tests.generation.jobs import ask_for, make_host_events_older

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, slots=True, kw_only=True)
class LampController(HostController):
    """A host that is a lamp: on or off at once."""

    state: ClassVar[list[HostState]] = [HostState.OFF]
    broken: bool = False
    notes: list[str] = field(default_factory=list)

    def start(self) -> None:
        self._switch(HostState.ON)

    def stop(self) -> None:
        self._switch(HostState.OFF)

    def status(self) -> HostStatus:
        return HostStatus(self.state[0], (("lamp", self.state[0]),))

    def _switch(self, state: HostState) -> None:
        if self.broken:
            raise HostUnavailableError("The fuse is blown.")
        self.state[0] = state


@pytest.fixture(autouse=True)
def _lamp(settings: Any) -> None:
    LampController.state[0] = HostState.OFF
    settings.GPU_HOST_CONTROLLER = {"BACKEND": f"{__name__}.LampController", "OPTIONS": {}}
    settings.GPU_HOST_ENGINES = ["quick"]


def test_it_starts_the_hosts_when_pictures_wait() -> None:
    ask_for(1)
    assert switch_by_queue() is Switch.START
    assert LampController.state[0] is HostState.ON
    assert AuditEntry.objects.get().about == "GPU hosts: start"


def test_it_leaves_them_off_when_nothing_waits_for_them(settings: Any) -> None:
    settings.GPU_HOST_ENGINES = ["diffusers"]
    ask_for(1)
    assert switch_by_queue() is None


def test_it_stops_them_when_they_were_idle_long_enough(settings: Any) -> None:
    settings.GPU_HOST_IDLE_MINUTES = 15
    start_hosts()
    assert switch_by_queue() is None
    make_host_events_older(timedelta(minutes=16))
    assert switch_by_queue() is Switch.STOP
    assert LampController.state[0] is HostState.OFF


def test_it_counts_idleness_from_the_last_picture() -> None:
    start_hosts()
    make_host_events_older(timedelta(hours=2))
    job = ask_for(1)
    Slot.objects.filter(job=job).update(state="done", finished_at=timezone.now() - timedelta(minutes=5))
    assert switch_by_queue() is None


def test_its_task_survives_hosts_that_cannot_be_asked(settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = {"BACKEND": f"{__name__}.LampController", "OPTIONS": {"broken": True}}
    ask_for(1)
    switch_hosts()
    assert not AuditEntry.objects.exists()


def test_a_stop_by_a_person_holds_until_something_new_is_asked_for(ann: Any) -> None:
    ask_for(1)
    switch_by_queue()
    stop_hosts(by=ann)
    assert switch_by_queue() is None
    ask_for(1, name="new")
    assert switch_by_queue() is Switch.START


def test_a_stop_for_idleness_holds_nothing_back() -> None:
    stop_hosts()
    GenerationJob.objects.filter(pk=ask_for(1).pk).update(created_at=timezone.now() - timedelta(days=1))
    assert switch_by_queue() is Switch.START


def test_the_chosen_idle_time_counts_until_the_site_s_own_is_chosen_again(ann: Any, settings: Any) -> None:
    settings.GPU_HOST_IDLE_MINUTES = 15
    start_hosts()
    make_host_events_older(timedelta(minutes=20))
    set_idle_time(seconds=3600, by=ann)
    assert switch_by_queue() is None
    set_idle_time(seconds=0, by=ann)
    assert switch_by_queue() is Switch.STOP


def test_the_same_idle_time_twice_is_one_event_in_the_audit_log(ann: Any) -> None:
    for _ in range(2):
        set_idle_time(seconds=2400, by=ann)
    entry = AuditEntry.objects.get()
    assert (entry.who, entry.about, entry.detail) == ("ann", "GPU hosts: idle", {"seconds": 2400})


def test_every_switch_is_in_the_audit_log_with_who_asked(ann: Any) -> None:
    ask_for(1)
    switch_by_queue()
    stop_hosts(by=ann)
    trail = AuditEntry.objects.order_by("id").values_list("who", "about")
    assert list(trail) == [
        ("the queue", "GPU hosts: start"),
        ("ann", "GPU hosts: stop requested"),
        ("ann", "GPU hosts: stop"),
    ]


def test_it_is_known_when_they_stop_by_themselves(settings: Any) -> None:
    settings.GPU_HOST_IDLE_MINUTES = 15
    assert get_outlook().stops_at is None
    start_hosts()
    assert get_outlook().stops_at == AuditEntry.objects.get().at + timedelta(minutes=15)
    ask_for(1)
    seen = get_outlook()
    assert (seen.waiting, seen.stops_at) == (1, None)


def test_the_status_counts_what_waits_behind_a_stop(ann: Any) -> None:
    ask_for(2)
    stop_hosts(by=ann)
    seen = get_outlook()
    assert (seen.state, seen.waiting, seen.held) == (HostState.OFF, 2, True)


def test_many_who_look_ask_the_provider_once() -> None:
    assert get_status().state is HostState.OFF
    LampController.state[0] = HostState.ON
    assert get_status().state is HostState.OFF
    stop_hosts()
    assert get_status() == LampController().status()


class TestOverRest:
    def test_it_is_only_for_those_with_the_permission(self, api: APIClient, ann: Any) -> None:
        api.force_login(ann)
        assert api.post("/gpu-hosts/start").status_code == 403
        assert LampController.state[0] is HostState.OFF

    def test_it_switches_and_notes_who_did(self, api: APIClient, ann: Any) -> None:
        ann.user_permissions.add(Permission.objects.get(codename="switch_hosts"))
        api.force_login(ann)
        answer = api.post("/gpu-hosts/start").json()
        assert (answer["state"], answer["hosts"]) == ("on", {"lamp": "on"})
        assert AuditEntry.objects.get(about="GPU hosts: start").who == ann.username
        assert api.post("/gpu-hosts/stop").json()["state"] == "off"
        assert api.get("/gpu-hosts").json()["state"] == "off"

    def test_looking_needs_a_permission_too(self, api: APIClient, ann: Any) -> None:
        api.force_login(ann)
        assert api.get("/gpu-hosts").status_code == 403
        ann.user_permissions.add(Permission.objects.get(codename="view_worker"))
        assert api.get("/gpu-hosts").json()["state"] == "off"
        assert api.post("/gpu-hosts/idle", {"seconds": 600}, format="json").status_code == 403

    def test_it_keeps_an_idle_time_and_names_a_bad_one(self, api: APIClient, admin_user: Any) -> None:
        api.force_login(admin_user)
        answer = api.post("/gpu-hosts/idle", {"seconds": 600}, format="json").json()
        assert (answer["idle_seconds"], answer["idle_chosen"]) == (600, 600)
        refused = api.post("/gpu-hosts/idle", {"seconds": 5}, format="json")
        assert (refused.status_code, "from 60 to 604800 seconds" in str(refused.json())) == (400, True)

    def test_polling_is_light(self, api: APIClient, admin_user: Any) -> None:
        api.force_login(admin_user)
        etag = api.get("/gpu-hosts")["ETag"]
        assert api.get("/gpu-hosts", headers={"If-None-Match": etag}).status_code == 304
        api.post("/gpu-hosts/start")
        assert api.get("/gpu-hosts", headers={"If-None-Match": etag}).status_code == 200

    def test_it_says_when_the_hosts_cannot_be_asked(self, api: APIClient, admin_user: Any, settings: Any) -> None:
        settings.GPU_HOST_CONTROLLER = {"BACKEND": f"{__name__}.LampController", "OPTIONS": {"broken": True}}
        api.force_login(admin_user)
        answer = api.post("/gpu-hosts/start")
        assert (answer.status_code, answer.json()["detail"]) == (503, "The fuse is blown.")
        trail = AuditEntry.objects.filter(kind="changed").order_by("id").values_list("about", "detail")
        refused = ("GPU hosts: start failed", {"why": "The fuse is blown."})
        assert list(trail) == [("GPU hosts: start requested", {}), refused]
