"""`/text2image` in the three shapes that the seeds' clients know."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from garden.models import Image
from garden.storage.serving import SIGNED_SECONDS
from generation.models import GenerationJob, Slot
from generation.queue.progress import wait_slots
from generation.queue.worker import work
from tests.generation.conftest import _quick_engine, ann

__all__ = ["_quick_engine", "ann"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def curator(api: APIClient, ann: Any) -> APIClient:
    codenames = ["add_generationjob", "view_generationjob", "change_generationjob"]
    ann.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=ann).key}")
    return api


@pytest.fixture
def worker() -> Iterator[None]:
    """A worker that takes what comes, as long as the test runs."""
    ended = threading.Event()

    def take_what_comes() -> None:
        while not ended.wait(0.05):
            work(engines=["quick"])
        connection.close()

    thread = threading.Thread(target=take_what_comes)
    thread.start()
    yield
    ended.set()
    thread.join()


def ask(client: APIClient, **asked: Any) -> Any:
    return client.post("/text2image", {"text": "a calm pond", **asked}, format="json")


@pytest.mark.usefixtures("worker")
class TestWithAWorker:
    def test_it_answers_a_json_string_of_a_list_where_a_size_is_asked(self, curator: APIClient) -> None:
        answer = ask(curator, width=640, height=480).json()
        assert answer["statusCode"] == 200
        assert answer["time"] > 0
        (url,) = json.loads(answer["body"])
        assert Image.objects.get().width == 640
        assert url.endswith(Image.objects.get().key)

    def test_it_answers_one_url_of_768_by_512_to_a_text_alone_that_opens_without_a_token(
        self, curator: APIClient
    ) -> None:
        answer = ask(curator, negative="people", steps=9, guidance=5.5).json()
        image = Image.objects.get()
        assert set(answer) == {"statusCode", "body"}
        assert re.fullmatch(rf"http://testserver/signed/[\w:-]+/{image.key}", answer["body"])
        assert re.fullmatch(r"img_2\S+_0\.jpeg", answer["body"].rpartition("/")[2])
        assert (image.width, image.height) == (768, 512)
        assert Slot.objects.values_list("negative_prompt", "steps", "guidance_scale").get() == ("people", 9, 5.5)
        opened = APIClient().get(answer["body"])
        assert (opened.status_code, opened["Content-Type"]) == (200, "image/jpeg")
        assert "public" not in opened["Cache-Control"]
        assert APIClient().get(f"/media/{image.key}").status_code == 404
        Image.objects.withdraw()
        assert APIClient().get(answer["body"]).status_code == 404

    def test_its_url_opens_nothing_else_and_not_for_ever(self, curator: APIClient) -> None:
        first, second = json.loads(ask(curator, num_images=2).json()["body"])
        signature, key = first.split("/")[4], second.partition("/imgPool/")[2]
        assert APIClient().get(f"/signed/{signature}/imgPool/{key}").status_code == 404
        assert APIClient().get(first).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(seconds=SIGNED_SECONDS + 60)):
            assert APIClient().get(first).status_code == 404

    def test_it_makes_as_many_as_requested_with_seeds_of_their_own(self, curator: APIClient) -> None:
        answer = ask(curator, num_images=3, seed=7).json()
        assert len(json.loads(answer["body"])) == 3
        assert sorted(Slot.objects.values_list("seed", flat=True)) == [7, 8, 9]

    def test_two_requests_within_a_second_are_two_pictures(self, curator: APIClient) -> None:
        assert ask(curator).json()["body"] != ask(curator).json()["body"]

    def test_a_page_shows_the_prompt_escaped_and_the_picture(self, curator: APIClient) -> None:
        page = curator.get("/text2image", {"prompt": "a <script>pond</script>"}).content.decode()
        assert "a &lt;script&gt;pond&lt;/script&gt;" in page
        assert re.search(rf'src="http://testserver/signed/[\w:-]+/{Image.objects.get().key}"', page)

    def test_it_answers_503_with_the_reason_when_nothing_can_be_made(self, curator: APIClient, settings: Any) -> None:
        settings.GENERATION_MAX_ATTEMPTS = 1
        answer = ask(curator, text="a bad pond")
        assert answer.status_code == 503
        assert answer.json()["detail"] == "The picture came out flat."


def test_it_answers_202_with_a_place_to_look_when_it_takes_long(curator: APIClient, settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    answer = ask(curator)
    assert answer.status_code == 202
    job = GenerationJob.objects.get()
    assert answer.json() == {"job": str(job.pk), "url": f"http://testserver/jobs/{job.pk}"}
    work(engines=["quick"])
    followed = curator.get(answer.json()["url"]).json()
    assert followed["slots"]["done"] == 1
    assert followed["images"] == [f"http://testserver/media/{Image.objects.get().key}"]


@pytest.mark.parametrize(("site", "status"), [("same-origin", 202), ("none", 202), ("cross-site", 403), ("", 403)])
def test_it_makes_pictures_under_a_session_only_where_this_site_or_a_typed_address_asks(
    api: APIClient, ann: Any, settings: Any, site: str, status: int
) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    ann.user_permissions.set(Permission.objects.filter(codename="add_generationjob"))
    api.force_login(ann)
    answer = api.get("/text2image", {"prompt": "a calm pond"}, headers={"Sec-Fetch-Site": site} if site else {})
    assert (answer.status_code, GenerationJob.objects.count()) == (status, status == 202)


def test_it_makes_pictures_for_a_token_whichever_site_asks(curator: APIClient, settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS = 0
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert curator.get("/text2image", {"prompt": "a calm pond"}, headers=headers).status_code == 202


def test_who_waits_for_several_already_gets_the_202_at_once(curator: APIClient, ann: Any, settings: Any) -> None:
    settings.TEXT2IMAGE_WAIT_SECONDS, settings.PICTURE_WAITS_PER_USER = 3_600, 1
    with wait_slots.slot_for(ann):
        assert ask(curator).status_code == 202
        assert curator.get("/text2image", {"prompt": "a calm pond"}).status_code == 202


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [
        ({"width": 641, "height": 480}, "width must be a multiple of 8"),
        ({"width": 640, "height": 8}, "height must be a multiple of 8 from 64"),
        ({"width": 640}, "width and height together"),
        ({"text": ""}, "text"),
        ({"num_images": 1000}, "num_images"),
        ({"steps": 0}, "steps"),
        ({"engine": "unknown"}, "engine"),
    ],
)
def test_it_refuses_and_names_the_field(curator: APIClient, asked: dict[str, Any], complaint: str) -> None:
    answer = ask(curator, **asked)
    assert answer.status_code == 400
    assert complaint in answer.json()["detail"]
    assert not GenerationJob.objects.exists()


@pytest.mark.parametrize(
    ("method", "path"), [("post", "/text2image"), ("get", "/text2image"), ("post", "/bulk"), ("get", "/jobs")]
)
def test_it_is_closed_to_anonymous_users_and_to_staff_without_the_permission(
    api: APIClient, ann: Any, method: str, path: str
) -> None:
    assert getattr(api, method)(path).status_code == 401
    api.force_login(ann)
    assert getattr(api, method)(path).status_code == 403


def bulk(client: APIClient, **changed: Any) -> Any:
    prompt = {"emotion": "happy", "emotionText": "joyful", "favorite": "cat", "others": "flowers"}
    asked = {"index": 3, "prompt": json.dumps(prompt), "fname": "imgPool/happy/cat/img_20230319-131015", **changed}
    return client.post("/bulk", asked, format="json")


class TestBulk:
    def test_it_echoes_the_request_with_its_job_and_makes_two_pictures_under_the_seeds_names(
        self, curator: APIClient
    ) -> None:
        answer = bulk(curator).json()
        assert (answer["index"], answer["fname"]) == (3, "imgPool/happy/cat/img_20230319-131015")
        assert json.loads(answer["prompt"])["emotionText"] == "joyful"
        assert answer["job"] == str(GenerationJob.objects.get().pk)
        work(engines=["quick"])
        made = dict(Image.objects.values_list("key", "width"))
        name = "imgPool/happy/cat/img_20230319-131015_3"
        assert made == {f"{name}h.jpeg": 1280, f"{name}v.jpeg": 800}
        assert all(default_storage.exists(key) for key in made)
        assert Image.objects.first().prompt == "joyful, cat, flowers"  # type: ignore[union-attr]

    def test_sent_twice_it_is_one_job_and_with_another_prompt_a_conflict(self, curator: APIClient) -> None:
        job = bulk(curator).json()["job"]
        assert bulk(curator).json()["job"] == job
        other = bulk(curator, prompt=json.dumps({"emotion": "happy", "favorite": "dog"}))
        assert (other.status_code, other.json()["code"], other.json()["job"]) == (409, "key_taken", job)
        assert Slot.objects.count() == 2
        respelt = '{"others": "flowers", "favorite": "cat", "emotionText": "joyful", "emotion": "happy"}'
        assert bulk(curator, prompt=respelt).json()["job"] == job

    @pytest.mark.parametrize(
        ("changed", "complaint"),
        [
            ({"prompt": "not json"}, "prompt"),
            ({"prompt": '{"emotion": "bored"}'}, "emotion"),
            ({"prompt": "[]"}, "prompt"),
            ({"fname": "emotions/happy/img"}, "fname must begin with imgPool/"),
            ({"fname": "imgPool/../img"}, "key"),
            ({"index": -1}, "index"),
        ],
    )
    def test_it_refuses_and_names_the_field(self, curator: APIClient, changed: dict[str, Any], complaint: str) -> None:
        answer = bulk(curator, **changed)
        assert answer.status_code == 400
        assert complaint in answer.json()["detail"]
        assert not GenerationJob.objects.exists()


class TestJobs:
    def test_it_lists_jobs_newest_first(self, curator: APIClient) -> None:
        bulk(curator)
        bulk(curator, index=4)
        assert [job["title"][-2:] for job in curator.get("/jobs").json()] == ["_4", "_3"]
        assert [job["title"][-2:] for job in curator.get("/jobs", {"start": 1}).json()] == ["_3"]

    def test_it_answers_304_until_something_changed(self, curator: APIClient) -> None:
        job = bulk(curator).json()["job"]
        first = curator.get(f"/jobs/{job}")
        known = {"If-None-Match": first["ETag"]}
        assert curator.get(f"/jobs/{job}", headers=known).status_code == 304
        work(engines=["quick"])
        changed = curator.get(f"/jobs/{job}", headers=known)
        assert changed.status_code == 200
        assert len(changed.json()["images"]) == 2

    def test_it_pauses_resumes_cancels_and_retries(self, curator: APIClient) -> None:
        job = bulk(curator).json()["job"]
        assert curator.post(f"/jobs/{job}/pause").json()["slots"]["paused"] == 2
        assert curator.post(f"/jobs/{job}/resume").json()["slots"]["queued"] == 2
        Slot.objects.filter(orientation="portrait").update(state="failed")
        assert curator.post(f"/jobs/{job}/retry").json()["slots"]["failed"] == 0
        assert curator.post(f"/jobs/{job}/cancel").json()["slots"]["cancelled"] == 2

    def test_it_answers_404_to_a_job_that_is_not_there(self, curator: APIClient) -> None:
        assert curator.get("/jobs/00000000-0000-4000-8000-000000000000").status_code == 404
