"""What a page shows while a job is made: counts, pictures in portions, reasons of failures."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.utils import timezone
from rest_framework.test import APIClient

from generation.jobs import cancel_job, retry_failed
from generation.models import GenerationJob, Slot
from generation.queue.progress import OVERLAP, BadCursorError, finished_slots, reasons
from generation.queue.worker import work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(api: APIClient, ann: Any) -> APIClient:
    ann.user_permissions.add(Permission.objects.get(codename="view_generationjob"))
    api.force_login(ann)
    return api


def test_it_reports_counts_pictures_and_how_long_it_takes(viewer: APIClient) -> None:
    job = ask_for(3)
    work(engines=["quick"], worker="w1")
    shown = viewer.get(f"/jobs/{job.pk}/progress").json()
    assert shown["slots"]["done"] == 3
    assert shown["secondsLeft"] == 0
    assert [picture["key"] for picture in shown["pictures"]] == [f"imgPool/calm/img_job_{n}h.jpeg" for n in range(3)]
    assert {picture["emotion"] for picture in shown["pictures"]} == {"calm"}
    assert shown["pictures"][0]["url"] == "http://testserver/media/imgPool/calm/img_job_0h.jpeg"


def test_it_says_whether_anybody_is_there_to_make_them(viewer: APIClient) -> None:
    job = ask_for(1)
    assert viewer.get(f"/jobs/{job.pk}/progress").json()["workers"] == 0
    work(engines=["quick"], worker="w1")
    other = ask_for(1, name="other")
    assert viewer.get(f"/jobs/{other.pk}/progress").json()["workers"] == 1


def test_it_is_silent_until_something_changed(viewer: APIClient) -> None:
    job = ask_for(1)
    etag = viewer.get(f"/jobs/{job.pk}/progress").headers["ETag"]
    assert viewer.get(f"/jobs/{job.pk}/progress", headers={"If-None-Match": etag}).status_code == 304
    work(engines=["quick"])
    assert viewer.get(f"/jobs/{job.pk}/progress", headers={"If-None-Match": etag}).status_code == 200


def test_it_refuses_a_cursor_that_is_not_ours(viewer: APIClient) -> None:
    answer = viewer.get(f"/jobs/{ask_for(1).pk}/progress", {"after": "yesterday"})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_anonymous_users_do_not_see_it(api: APIClient, ben: Any) -> None:
    job = ask_for(1)
    assert api.get(f"/jobs/{job.pk}/progress").status_code == 401
    api.force_login(ben)
    assert api.get(f"/jobs/{job.pk}/progress").status_code == 403


def test_the_list_counts_the_slots_of_its_own_jobs_alone(viewer: APIClient) -> None:
    jobs = [ask_for(2, name=f"job{n}") for n in range(4)]
    listed = viewer.get("/jobs", {"start": 1, "limit": 2}).json()
    assert [shown["id"] for shown in listed] == [str(jobs[2].pk), str(jobs[1].pk)]
    assert [shown["slots"]["all"] for shown in listed] == [2, 2]


class TestTryingAgain:
    @pytest.fixture
    def failed(self, settings: Any) -> GenerationJob:
        """One picture failed, the other waits."""
        settings.GENERATION_MAX_ATTEMPTS = 1
        job = ask_for(2)
        job.slots.filter(index=1).update(prompt="bad", engine="quick-too")
        settings.GENERATION_ENGINES["quick-too"] = settings.GENERATION_ENGINES["quick"]
        work(engines=["quick-too"])
        return GenerationJob.objects.get(pk=job.pk)

    def test_a_cancelled_job_goes_on(self, failed: GenerationJob) -> None:
        cancel_job(job=failed)
        retry_failed(job=failed)
        failed.refresh_from_db()
        assert (failed.control, failed.slots.get(index=1).state) == ("active", "queued")


@pytest.fixture
def job() -> GenerationJob:
    """Six pictures, made a minute apart, the last one ten minutes ago."""
    job = ask_for(6)
    work(engines=["quick"])
    now = timezone.now()
    for slot in job.slots.all():
        job.slots.filter(pk=slot.pk).update(finished_at=now - timedelta(minutes=15 - slot.index))
    return job


def indexes(slots: list[Slot]) -> list[int]:
    return [slot.index for slot in slots]


def test_it_begins_with_the_newest(job: GenerationJob) -> None:
    assert indexes(finished_slots(job, limit=4).slots) == [2, 3, 4, 5]


def test_it_goes_on_where_it_ended(job: GenerationJob) -> None:
    cursor, shown = "0-0", []
    for _ in range(4):
        portion = finished_slots(job, cursor, limit=2)
        cursor = portion.cursor
        shown += indexes(portion.slots)
    assert shown == [0, 1, 2, 3, 4, 5]


def test_what_appears_late_with_an_earlier_time_is_reported(job: GenerationJob) -> None:
    now = timezone.now()
    job.slots.filter(index=5).update(finished_at=now)
    job.slots.filter(index=4).update(
        finished_at=now - OVERLAP / 2, state="leased", lease_deadline=now, lease_token=job.pk
    )
    first = finished_slots(job)
    assert 4 not in indexes(first.slots)
    job.slots.filter(index=4).update(state="done")
    assert 4 in indexes(finished_slots(job, first.cursor).slots)


def test_nothing_new_leaves_the_cursor_where_it_is(job: GenerationJob) -> None:
    cursor = finished_slots(job).cursor
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        portion = finished_slots(job, cursor)
    assert (portion.slots, portion.cursor) == ([], cursor)


def test_a_job_without_pictures_lists_all_of_them_later() -> None:
    job = ask_for(3)
    cursor = finished_slots(job).cursor
    work(engines=["quick"])
    assert indexes(finished_slots(job, cursor).slots) == [0, 1, 2]


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "-1-1", "1" * 99 + "-1"])
def test_portions_are_refused_after_a_cursor_that_is_not_ours(job: GenerationJob, cursor: str) -> None:
    with pytest.raises(BadCursorError):
        finished_slots(job, cursor)


def test_it_says_why_pictures_are_missing_in_a_sentence_each(settings: Any) -> None:
    settings.GENERATION_MAX_ATTEMPTS = 1
    job = ask_for(2, prompt="bad")
    job.slots.filter(index=1).update(prompt="crash")
    work(engines=["quick"])
    shown = {(reason.detail, reason.pictures, reason.failed) for reason in reasons(job)}
    assert shown == {("The picture came out flat.", 1, True), ("RuntimeError: out of paint", 1, True)}


def test_it_says_what_waiting_pictures_wait_for() -> None:
    job = ask_for(1, prompt="away")
    work(engines=["quick"])
    assert [(reason.detail, reason.failed) for reason in reasons(job)] == [("The service does not answer.", False)]
