"""The bulk form becomes an order or says what is wrong at its field; its page makes one job of a form that is sent."""

import re
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from curation.pages.bulk_form import BulkForm
from garden.vocabulary import Emotion, Orientation
from generation.jobs import pause_job
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.models.job import Priority
from generation.queue.worker import work

pytestmark = pytest.mark.django_db

CHOSEN = {
    "token": "t",
    "repeats": "2",
    "emotions": ["calm"],
    "words_calm": "calm",
    "others": "flowers",
    "landscape": "96×64",
    "portrait": "64x96",
    "maker": "painter|",
    "priority": "50",
}


def filled(**changes: Any) -> BulkForm:
    return BulkForm({name: value for name, value in {**CHOSEN, **changes}.items() if value is not None})


def errors(**changes: Any) -> dict[str, list[str]]:
    return {name: [str(message) for message in messages] for name, messages in filled(**changes).errors.items()}


def favorites(**changes: Any) -> tuple[str, ...]:
    form = filled(**changes)
    assert form.is_valid(), form.errors
    return form.order().favorites


def test_it_becomes_an_order() -> None:
    form = filled(emotions=["calm", "sad"], words_calm="at ease", priority="10")
    assert form.is_valid(), form.errors
    order = form.order()
    assert order.emotions == (Emotion.CALM, Emotion.SAD)
    assert order.words[Emotion.CALM] == "at ease"
    assert order.sizes == {Orientation.LANDSCAPE: (96, 64), Orientation.PORTRAIT: (64, 96)}
    assert (order.repeats, order.engine, order.model) == (2, "painter", "")
    assert order.priority == Priority.SINGLE


def test_a_new_form_is_nearly_ready_to_send() -> None:
    form = BulkForm()
    assert form["landscape"].value() == "1280×800"
    assert form["portrait"].value() == "800×1280"
    assert form["others"].value() == "flowers, garden, painterly light"
    assert "watermark" in form["negative"].value()
    assert form["words_fear"].value() == "fear"


def test_it_makes_each_animal_in_each_scenery_by_default() -> None:
    assert BulkForm()["combine"].value() is True
    chosen = {"combine": "on", "animals": ["cat"], "more": "red fox", "weathers": ["snowy", "rainy"]}
    assert favorites(**chosen) == ("cat,snowy", "cat,rainy", "red fox,snowy", "red fox,rainy")


def test_without_combination_animals_others_and_scenery_are_sets_each() -> None:
    chosen = {
        "bare": "on",
        "animals": ["cat", "bird"],
        "more": "red fox, , cat",
        "seasons": ["spring"],
        "weathers": ["sunny", "rainy"],
    }
    assert favorites(**chosen) == ("", "cat", "bird", "red fox", "spring,sunny", "spring,rainy")


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"emotions": []}, "emotions", "at least one"),
        ({"landscape": "97×64"}, "landscape", "width must be a multiple of 8"),
        ({"landscape": "wide"}, "landscape", "width×height"),
        ({"landscape": "64×96"}, "landscape", "at least as wide"),
        ({"portrait": "96×64"}, "portrait", "higher than wide"),
        ({"landscape": "", "portrait": ""}, "landscape", "landscape, portrait or both"),
        ({"repeats": "9000", "emotions": list(Emotion)}, "repeats", "exceed the limit of 10000 per job"),
        ({"maker": "brush|"}, "maker", "not one of the available"),
        ({"more": "a/b"}, "more", "cannot be a favorite"),
        ({"more": "a\nb"}, "more", "cannot be a favorite"),
    ],
)
def test_it_says_what_is_wrong_at_its_field(changes: dict[str, Any], field: str, sentence: str) -> None:
    estimate = errors(**changes)
    assert list(estimate) == [field]
    assert sentence in estimate[field][0]


def test_a_form_can_be_filled_with_earlier_choices() -> None:
    form = filled(animals=["cat"], more="red fox", words_calm="at ease")
    assert form.is_valid()
    again = BulkForm(initial=form.as_request())
    assert again["landscape"].value() == "96×64"
    assert again["more"].value() == "red fox"
    assert again["animals"].value() == ["cat"]
    assert again["words_calm"].value() == "at ease"
    assert form.as_request()["maker"] == "painter|"
    assert "token" not in form.as_request()


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


def estimate(curator: Client, **changes: Any) -> dict[str, Any]:
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

    def test_changed_settings_under_an_old_token_must_be_confirmed(self, curator: Client) -> None:
        curator.post(PAGE, CHOSEN)
        answer = curator.post(PAGE, {**CHOSEN, "repeats": "3"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "sent before with other settings" in page
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)
        assert curator.post(PAGE, {**CHOSEN, "repeats": "3", "token": token}).status_code == 302
        assert GenerationJob.objects.count() == 2

    def test_an_invalid_form_names_its_fault_and_keeps_the_choices(self, curator: Client) -> None:
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
    def test_it_answers_how_many_and_the_first_prompts(self, curator: Client) -> None:
        answer = estimate(curator, repeats="10", bare="on", animals=["cat"], emotions=["calm", "sad", "fear", "angry"])
        assert (answer["pictures"], answer["seconds"], answer["workers"]) == (160, None, 0)
        assert answer["preview"][:2] == [
            {"place": "calm", "prompt": "calm, flowers", "negative": ""},
            {"place": "calm/cat", "prompt": "calm, cat, flowers", "negative": ""},
        ]
        assert len(answer["preview"]) == 6

    def test_the_same_prompt_is_shown_once(self, curator: Client) -> None:
        assert [shown["prompt"] for shown in estimate(curator, repeats="10")["preview"]] == ["calm, flowers"]
        assert not GenerationJob.objects.exists()

    def test_it_estimates_the_time_once_speed_was_measured(self, curator: Client) -> None:
        curator.post(PAGE, {**CHOSEN, "repeats": "1"})
        work(engines=["painter"], worker="w1")
        Slot.objects.update(seconds=0.5)
        answer = estimate(curator, repeats="10")
        assert (answer["seconds"], answer["workers"]) == (10.0, 1)

    def test_a_form_that_is_not_finished_is_an_answer(self, curator: Client) -> None:
        assert list(estimate(curator, emotions=[])["errors"]) == ["emotions"]


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

    @pytest.mark.parametrize("job", ["nonsense", "00000000-0000-4000-8000-000000000000"])
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
        for token in "abcd":
            curator.post(PAGE, {**CHOSEN, "token": token, "repeats": "1"})
        with django_assert_max_num_queries(7):
            curator.get(f"{PAGE}jobs/")
