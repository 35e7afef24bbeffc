"""Every action on a job names the states it starts from, and a job that is finished says so."""

import json
import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import Client

from generation.jobs import (
    TRANSITIONS,
    JobStateError,
    cancel_job,
    cancel_slot,
    pause_job,
    resume_job,
    retry_failed,
)
from generation.models import GenerationJob, Slot
from generation.models.job import JobState
from generation.queue.leases import claim, fail, requeue_expired
from generation.queue.worker import work
from tests.curation.cast import member
from tests.generation.jobs import ask_for
from tools.services.ports import PATIENCE

pytestmark = pytest.mark.django_db
QUICK = ["quick"]
ACTIONS = {"pause": pause_job, "resume": resume_job, "cancel": cancel_job}


def job_in(state: str) -> GenerationJob:
    job = ask_for(2, name=state)
    if state == "finished":
        work(engines=QUICK)
    elif state != "active":
        ACTIONS["pause" if state == "paused" else "cancel"](job=job)
    return job


def state_of(job: GenerationJob) -> str:
    found: Any = GenerationJob.objects.with_counts().get(pk=job.pk)
    assert GenerationJob.objects.in_state(found.state).filter(pk=job.pk).exists()
    return str(found.state)


def slot_states(job: GenerationJob) -> set[str]:
    return set(job.slots.values_list("state", flat=True))


@pytest.mark.parametrize("action", TRANSITIONS)
@pytest.mark.parametrize("state", JobState.values)
def test_it_carries_an_action_out_from_the_states_of_the_table_and_refuses_it_from_others(
    action: str, state: str
) -> None:
    job, transition = job_in(state), TRANSITIONS[action]
    before = slot_states(job)
    if state in transition.start or state == transition.end:
        ACTIONS[action](job=job)
        assert state_of(job) == transition.end
    else:
        with pytest.raises(JobStateError) as refused:
            ACTIONS[action](job=job)
        assert (refused.value.status, refused.value.extra["state"]) == (409, state)
        assert (state_of(job), slot_states(job)) == (state, before)


def test_a_cancelled_job_is_neither_paused_nor_resumed() -> None:
    job = job_in("cancelled")
    for act in (pause_job, resume_job):
        with pytest.raises(JobStateError):
            act(job=job)
    assert (state_of(job), slot_states(job)) == ("cancelled", {"cancelled"})


def test_a_job_is_finished_once_nothing_of_it_is_open_even_if_it_was_paused_meanwhile() -> None:
    job = ask_for(1)
    lease = claim(worker="w", engines=QUICK)
    assert lease is not None
    pause_job(job=job)
    fail(slot=lease.slots[0], lease=lease, error="x", permanent=True)
    assert state_of(job) == "finished"
    with pytest.raises(JobStateError):
        resume_job(job=job)
    assert retry_failed(job=job) == 1
    assert (state_of(job), slot_states(job)) == ("paused", {"paused"})


def test_trying_again_where_nothing_failed_leaves_a_cancelled_job_cancelled() -> None:
    job = job_in("cancelled")
    assert retry_failed(job=job) == 0
    assert state_of(job) == "cancelled"


def test_a_job_that_was_read_before_it_was_paused_is_tried_again_into_the_pause() -> None:
    job = ask_for(2)
    lease = claim(worker="w", engines=QUICK)
    assert lease is not None
    fail(slot=lease.slots[0], lease=lease, error="x", permanent=True)
    stale = GenerationJob.objects.get(pk=job.pk)
    pause_job(job=job)
    assert retry_failed(job=stale) == 1
    assert slot_states(job) == {"paused"}


class TestWhereItIsSaid:
    def test_the_api_says_it_and_lists_by_it(self, client: Client) -> None:
        client.force_login(member("operator", "otto"))
        finished, active = job_in("finished"), job_in("active")
        assert client.get(f"/jobs/{finished.pk}").json()["state"] == "finished"
        listed = client.get("/jobs", {"state": "finished"}).json()
        assert [(job["id"], job["state"]) for job in listed] == [(str(finished.pk), "finished")]
        assert [job["id"] for job in client.get("/jobs", {"state": "active"}).json()] == [str(active.pk)]
        assert client.get("/jobs", {"state": "over"}).status_code == 400

    def test_the_api_refuses_to_cancel_a_finished_job(self, client: Client) -> None:
        client.force_login(member("operator", "otto"))
        job = job_in("finished")
        refused = client.post(f"/jobs/{job.pk}/cancel")
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_job_state")
        assert state_of(job) == "finished"

    def test_the_command_says_it_lists_by_it_and_refuses(self) -> None:
        finished, _active = job_in("finished"), job_in("active")
        out = StringIO()
        call_command("jobs", "--state", "finished", "--json", stdout=out)
        assert [(job["id"], job["state"]) for job in json.loads(out.getvalue())] == [(str(finished.pk), "finished")]
        out = StringIO()
        call_command("jobs", stdout=out)
        assert [line.split()[1] for line in out.getvalue().splitlines()] == ["active", "finished"]
        with pytest.raises(CommandError, match="The job is finished: cancel needs a job that is active or paused"):
            call_command("jobs", "cancel", str(finished.pk))

    def test_the_admin_says_it_filters_by_it_and_refuses(self, admin_client: Client) -> None:
        finished, active = job_in("finished"), job_in("active")
        url = "/admin/generation/generationjob/"
        page = admin_client.get(url, {"state": "finished"}).content.decode()
        assert str(finished.pk) in page
        assert str(active.pk) not in page
        assert '<td class="field-state">finished</td>' in page
        answer = admin_client.post(url, {"action": "cancel", "_selected_action": [str(finished.pk)]}, follow=True)
        assert "The job is finished" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_picture_given_back_while_its_job_is_paused_waits_in_the_pause() -> None:
    """Two transactions at once: on PostgreSQL neither would see what the other has not committed."""
    job = ask_for(1)
    lease = claim(worker="w", engines=QUICK)
    assert lease is not None
    Slot.objects.update(lease_deadline="2020-01-01T00:00:00Z")
    giving_back = threading.Thread(target=_close_after(requeue_expired))
    with transaction.atomic():
        pause_job(job=job)
        giving_back.start()
        giving_back.join(0.3)
    giving_back.join(PATIENCE)
    assert slot_states(job) == {"paused"}


@pytest.mark.django_db(transaction=True)
def test_pausing_and_trying_again_at_once_leave_nothing_waiting_in_a_paused_job() -> None:
    job = ask_for(2)
    lease = claim(worker="w", engines=QUICK)
    assert lease is not None
    fail(slot=lease.slots[0], lease=lease, error="x", permanent=True)
    retrying = threading.Thread(target=_close_after(lambda: retry_failed(job=job)))
    with transaction.atomic():
        pause_job(job=GenerationJob.objects.get(pk=job.pk))
        retrying.start()
        retrying.join(0.3)
    retrying.join(PATIENCE)
    assert slot_states(job) == {"paused"}


def test_cancelling_the_last_open_picture_beside_finished_ones_finishes_the_job() -> None:
    job = ask_for(5)
    work(engines=QUICK, seconds=0.0)
    first, *rest = job.slots.order_by("index")
    for slot in rest:
        cancel_slot(slot=slot)
    Slot.objects.filter(pk=first.pk).update(state="done")
    assert state_of(job) == "finished"


def _close_after(work: Any) -> Any:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
