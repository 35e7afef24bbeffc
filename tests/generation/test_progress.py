"""`/jobs/<id>/progress`: what a page shows while a job is made."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from generation.jobs import cancel_job, pause_job, retry_failed
from generation.models import GenerationJob
from generation.queue.worker import work
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def viewer(api: APIClient, ann: Any) -> APIClient:
    ann.user_permissions.add(Permission.objects.get(codename="view_generationjob"))
    api.force_login(ann)
    return api


def test_it_tells_counts_pictures_and_how_long_it_takes(viewer: APIClient) -> None:
    job = ask_for(3)
    work(engines=["quick"], worker="w1")
    told = viewer.get(f"/jobs/{job.pk}/progress").json()
    assert told["slots"]["done"] == 3
    assert told["secondsLeft"] == 0
    assert [picture["key"] for picture in told["pictures"]] == [f"imgPool/calm/img_job_{n}h.jpeg" for n in range(3)]
    assert {picture["emotion"] for picture in told["pictures"]} == {"calm"}
    assert told["pictures"][0]["url"] == "http://testserver/media/imgPool/calm/img_job_0h.jpeg"


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


def test_strangers_do_not_see_it(api: APIClient, ben: Any) -> None:
    job = ask_for(1)
    assert api.get(f"/jobs/{job.pk}/progress").status_code == 401
    api.force_login(ben)
    assert api.get(f"/jobs/{job.pk}/progress").status_code == 403


def test_the_list_counts_the_slots_of_its_own_jobs_alone(viewer: APIClient) -> None:
    jobs = [ask_for(2, name=f"job{n}") for n in range(4)]
    listed = viewer.get("/jobs", {"start": 1, "limit": 2}).json()
    assert [told["id"] for told in listed] == [str(jobs[2].pk), str(jobs[1].pk)]
    assert [told["slots"]["all"] for told in listed] == [2, 2]


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

    def test_a_paused_job_stays_paused(self, failed: GenerationJob) -> None:
        pause_job(job=failed)
        assert retry_failed(job=failed) == 1
        assert set(failed.slots.values_list("state", flat=True)) == {"paused"}

    def test_a_cancelled_job_goes_on(self, failed: GenerationJob) -> None:
        cancel_job(job=failed)
        retry_failed(job=failed)
        failed.refresh_from_db()
        assert (failed.control, failed.slots.get(index=1).state) == ("active", "queued")
