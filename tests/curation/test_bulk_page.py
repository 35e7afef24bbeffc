"""The bulk page: who may do what on it, and that a form that is sent is one job."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.forms import Form
from django.test import Client
from django.utils import translation

from curation.pages.bulk import WORDS, words
from curation.pages.bulk_form import PRIORITIES, BulkForm
from generation.jobs import pause_job
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.queue.worker import work
from tests.curation.test_bulk_form import CHOSEN

pytestmark = pytest.mark.django_db
PAGE = "/admin/curation/bulk/"


@pytest.fixture
def curator(client: Client) -> Client:
    return _signed_in(client, "view_generationjob", "add_generationjob", "change_generationjob")


@pytest.fixture
def viewer(client: Client) -> Client:
    return _signed_in(client, "view_generationjob")


def _signed_in(client: Client, *permissions: str) -> Client:
    user = get_user_model().objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def told(curator: Client, **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = curator.post(f"{PAGE}estimate/", {**CHOSEN, **changes}).json()
    return answer


class TestSending:
    def test_it_leads_to_the_page_of_its_job(self, curator: Client) -> None:
        answer = curator.post(PAGE, CHOSEN)
        job = GenerationJob.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}?job={job.pk}")
        assert (job.slots.count(), job.owner and job.owner.get_username()) == (4, "ann")
        assert job.title in curator.get(answer["Location"]).content.decode()

    def test_a_double_click_is_one_job(self, curator: Client) -> None:
        answers = [curator.post(PAGE, CHOSEN)["Location"] for _ in range(2)]
        assert answers[0] == answers[1]
        assert GenerationJob.objects.count() == 1

    def test_changed_settings_under_an_old_token_are_asked_for_again(self, curator: Client) -> None:
        curator.post(PAGE, CHOSEN)
        answer = curator.post(PAGE, {**CHOSEN, "repeats": "3"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "sent before, with other settings" in page
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)
        assert curator.post(PAGE, {**CHOSEN, "repeats": "3", "token": token}).status_code == 302
        assert GenerationJob.objects.count() == 2

    def test_what_is_wrong_is_told_and_what_was_chosen_is_kept(self, curator: Client) -> None:
        answer = curator.post(PAGE, {**CHOSEN, "landscape": "97×64", "words_calm": "at ease"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "width must be a multiple of 8" in page
        assert 'value="at ease"' in page
        assert not GenerationJob.objects.exists()

    def test_templates_in_turn_are_known_to_their_pictures(self, curator: Client) -> None:
        PromptTemplate.objects.all().delete()
        template = PromptTemplate.objects.create(emotion="calm", text="a still pond", negative="frame")
        curator.post(PAGE, {**CHOSEN, "rotate": "on", "others": ""})
        assert set(Slot.objects.values_list("template", "prompt")) == {(template.pk, "a still pond")}

    def test_a_job_fills_the_form_for_more_of_it(self, curator: Client) -> None:
        address = curator.post(PAGE, {**CHOSEN, "words_calm": "at ease"})["Location"]
        assert 'value="at ease"' in curator.get(address).content.decode()


class TestEstimating:
    def test_it_tells_how_many_and_the_first_prompts(self, curator: Client) -> None:
        answer = told(curator, repeats="10", bare="on", animals=["cat"], emotions=["calm", "sad", "fear", "angry"])
        assert (answer["pictures"], answer["seconds"], answer["workers"]) == (160, None, 0)
        assert answer["preview"][:2] == [
            {"place": "calm", "prompt": "calm, flowers", "negative": ""},
            {"place": "calm/cat", "prompt": "calm, cat, flowers", "negative": ""},
        ]
        assert len(answer["preview"]) == 6

    def test_the_same_prompt_is_shown_once(self, curator: Client) -> None:
        assert [shown["prompt"] for shown in told(curator, repeats="10")["preview"]] == ["calm, flowers"]

    def test_it_tells_how_long_once_it_was_measured(self, curator: Client) -> None:
        curator.post(PAGE, {**CHOSEN, "repeats": "1"})
        work(engines=["painter"], worker="w1")
        Slot.objects.update(seconds=0.5)
        answer = told(curator, repeats="10")
        assert (answer["seconds"], answer["workers"]) == (10.0, 1)

    def test_a_form_that_is_not_finished_is_an_answer(self, curator: Client) -> None:
        assert list(told(curator, emotions=[])["errors"]) == ["emotions"]

    def test_it_makes_nothing(self, curator: Client) -> None:
        told(curator)
        assert not GenerationJob.objects.exists()


class TestWhoMayDoWhat:
    def test_viewers_look(self, viewer: Client, django_user_model: Any) -> None:
        job = GenerationJob.objects.create(title="calm · 12")
        page = viewer.get(f"{PAGE}?job={job.pk}").content.decode()
        assert "calm · 12" in page
        assert "data-form" not in page
        assert 'data-act="pause"' not in page

    def test_viewers_make_nothing(self, viewer: Client) -> None:
        assert viewer.post(PAGE, CHOSEN).status_code == 403
        assert viewer.post(f"{PAGE}estimate/", CHOSEN).status_code == 403
        assert not GenerationJob.objects.exists()

    def test_staff_without_the_permission_see_nothing(self, client: Client) -> None:
        assert _signed_in(client).get(PAGE).status_code == 403

    def test_strangers_sign_in_first(self, client: Client) -> None:
        assert client.get(PAGE)["Location"].startswith("/admin/login/")

    @pytest.mark.parametrize("job", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_job_that_is_not_there_is_not_found(self, viewer: Client, job: str) -> None:
        assert viewer.get(PAGE, {"job": job}).status_code == 404


class TestRecentJobs:
    def test_it_lists_them_with_how_far_they_are(self, curator: Client) -> None:
        for token in ("first", "second"):
            curator.post(PAGE, {**CHOSEN, "token": token, "repeats": "1"})
        pause_job(job=GenerationJob.objects.order_by("-created_at")[0])
        work(engines=["painter"])
        listed = curator.get(f"{PAGE}jobs/").json()["jobs"]
        assert [(job["done"], job["all"], job["open"], job["state"]) for job in listed] == [
            (0, 2, 2, "paused"),
            (2, 2, 0, "finished"),
        ]
        assert listed[0]["owner"] == "ann"

    def test_single_pictures_and_other_programs_jobs_are_not_among_them(self, viewer: Client) -> None:
        GenerationJob.objects.create(title="one", priority=GenerationJob.Priority.SINGLE)
        GenerationJob.objects.create(title="seed", request_key="bulk:1:0:imgPool/calm/img_1")
        assert viewer.get(f"{PAGE}jobs/").json()["jobs"] == []

    def test_more_jobs_cost_no_more_queries(self, curator: Client, django_assert_max_num_queries: Any) -> None:
        for token in "abcdefgh":
            curator.post(PAGE, {**CHOSEN, "token": token, "repeats": "1"})
        with django_assert_max_num_queries(7):
            curator.get(f"{PAGE}jobs/")


def test_nothing_on_the_page_breaks_the_content_security_policy(curator: Client) -> None:
    page = curator.get(PAGE).content.decode()
    assert not re.findall(r"<script(?![^>]*(?:src=|application/json))", page)
    assert not re.findall(r"\sstyle=|\son[a-z]+=", page)


SAME = {"{emotion}, {orientation}", "by {name}"}


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_word_of_its_scripts_is_translated(language: str) -> None:
    with translation.override("en"):
        english = words()
    with translation.override(language):
        spoken = words()
    assert [key for key in WORDS if spoken[key] == english[key] and english[key] not in SAME] == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_label_of_its_form_is_translated(language: str) -> None:
    english, spoken = (_labels(name) for name in ("en", language))
    assert [label for label, other in zip(english, spoken, strict=True) if label == other] == []


def _labels(language: str) -> list[str]:
    with translation.override(language):
        form: Form = BulkForm()
        labels = [str(field.label) for name, field in form.fields.items() if name != "token"]
        return [*labels, *(str(name) for _value, name in PRIORITIES)]
