from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from generation.hosts.base import HostController, HostState, HostStatus, HostUnavailableError
from generation.hosts.policy import Decision
from generation.hosts.switching import follow_the_queue, start_hosts
from generation.models import HostEvent, Slot
from generation.tasks import switch_hosts
from tests.generation.jobs import ask_for

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
    assert follow_the_queue() is Decision.START
    assert LampController.state[0] is HostState.ON
    assert HostEvent.objects.get().switch == "start"


def test_it_leaves_them_off_when_nothing_waits_for_them(settings: Any) -> None:
    settings.GPU_HOST_ENGINES = ["diffusers"]
    ask_for(1)
    assert follow_the_queue() is Decision.WAIT


def test_it_stops_them_when_they_were_idle_long_enough(settings: Any) -> None:
    settings.GPU_HOST_IDLE_MINUTES = 15
    start_hosts()
    assert follow_the_queue() is Decision.WAIT
    HostEvent.objects.update(at=timezone.now() - timedelta(minutes=16))
    assert follow_the_queue() is Decision.STOP
    assert LampController.state[0] is HostState.OFF


def test_it_counts_idleness_from_the_last_picture() -> None:
    start_hosts()
    HostEvent.objects.update(at=timezone.now() - timedelta(hours=2))
    job = ask_for(1)
    Slot.objects.filter(job=job).update(state="done", finished_at=timezone.now() - timedelta(minutes=5))
    assert follow_the_queue() is Decision.WAIT


def test_its_task_survives_hosts_that_cannot_be_asked(settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = {"BACKEND": f"{__name__}.LampController", "OPTIONS": {"broken": True}}
    ask_for(1)
    switch_hosts()
    assert not HostEvent.objects.exists()


class TestOverRest:
    def test_it_is_only_for_those_with_the_permission(self, api: APIClient, ann: Any) -> None:
        api.force_login(ann)
        assert api.post("/gpu-hosts/start").status_code == 403
        assert LampController.state[0] is HostState.OFF

    def test_it_switches_and_notes_who_did(self, api: APIClient, ann: Any) -> None:
        ann.user_permissions.add(Permission.objects.get(codename="switch_hosts"))
        api.force_login(ann)
        assert api.post("/gpu-hosts/start").json() == {"state": "on", "hosts": {"lamp": "on"}}
        assert HostEvent.objects.get().by == ann
        assert api.post("/gpu-hosts/stop").json()["state"] == "off"
        assert api.get("/gpu-hosts").json()["state"] == "off"

    def test_it_says_when_the_hosts_cannot_be_asked(self, api: APIClient, admin_user: Any, settings: Any) -> None:
        settings.GPU_HOST_CONTROLLER = {"BACKEND": f"{__name__}.LampController", "OPTIONS": {"broken": True}}
        api.force_login(admin_user)
        answer = api.post("/gpu-hosts/start")
        assert (answer.status_code, answer.json()["detail"]) == (503, "The fuse is blown.")
