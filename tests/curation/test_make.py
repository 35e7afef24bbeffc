"""The form for new pictures becomes an order or names what is wrong; its page makes one job of a form that is sent."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.test import Client

from curation.pages.make_form import MakeForm, maker_choices
from garden.vocabulary import Emotion, Orientation
from generation.engines.diffusers import DiffusersEngine
from generation.engines.diffusers.comparison import ModeComparison, keep_distances
from generation.jobs import pause_job
from generation.models import GenerationJob, OrderPreset, PromptTemplate, Slot, Worker
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


def filled(**changes: Any) -> MakeForm:
    return MakeForm({name: value for name, value in {**CHOSEN, **changes}.items() if value is not None})


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
    form = MakeForm()
    assert form["landscape"].value() == "1280×800"
    assert form["portrait"].value() == "800×1280"
    assert form["others"].value() == "flowers, garden, painterly light"
    assert "watermark" in form["negative"].value()
    assert form["words_fear"].field.widget.attrs["placeholder"] == "fear"


def test_it_makes_each_animal_in_each_scenery_by_default() -> None:
    assert MakeForm()["combine"].value() is True
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
    again = MakeForm(initial=form.as_request())
    assert again["landscape"].value() == "96×64"
    assert again["more"].value() == "red fox"
    assert again["animals"].value() == ["cat"]
    assert again["words_calm"].value() == "at ease"
    assert form.as_request()["maker"] == "painter|"
    assert "token" not in form.as_request()


PAGE = "/admin/curation/make/"


@pytest.fixture
def curator(client: Client) -> Client:
    names = ("add_orderpreset", "delete_orderpreset", "view_review")
    return _signed_in(client, "view_generationjob", "add_generationjob", "change_generationjob", *names)


@pytest.fixture
def viewer(client: Client) -> Client:
    return _signed_in(client, "view_generationjob")


def _signed_in(client: Client, *permissions: str) -> Client:
    user = get_user_model().objects.create_user("ann", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


def estimate(curator: Client, **changes: Any) -> str:
    """The text of the estimate, its white space as one space."""
    answer = curator.post(f"{PAGE}estimate/", {**CHOSEN, **changes}).content.decode()
    return " ".join(re.sub(r"<[^>]*>", " ", answer).split())


def preview(curator: Client, **changes: Any) -> str:
    return curator.post(f"{PAGE}previews/", {**CHOSEN, "preview_token": "p", **changes}).content.decode()


class TestSending:
    def test_it_leads_to_the_page_of_its_job(self, curator: Client) -> None:
        answer = curator.post(PAGE, CHOSEN)
        job = GenerationJob.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, f"{PAGE}jobs/{job.pk}/")
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
        curator.post(PAGE, {**CHOSEN, "words_calm": "at ease"})
        page = curator.get(PAGE, {"again": str(GenerationJob.objects.get().pk)}).content.decode()
        assert 'value="at ease"' in page


class TestEstimating:
    def test_it_says_how_many_and_the_first_prompts(self, curator: Client) -> None:
        text = estimate(curator, repeats="10", bare="on", animals=["cat"], emotions=["calm", "sad", "fear", "angry"])
        assert "160 pictures" in text
        assert "No worker is online" in text
        assert "No estimate yet" in text
        assert "calm calm, flowers calm/cat calm, cat, flowers" in text
        assert not GenerationJob.objects.exists()

    def test_the_same_prompt_is_shown_once(self, curator: Client) -> None:
        assert estimate(curator, repeats="10").count("calm, flowers") == 1

    def test_it_estimates_the_time_once_speed_was_measured(self, curator: Client) -> None:
        curator.post(PAGE, {**CHOSEN, "repeats": "1"})
        work(engines=["painter"], worker="w1")
        Slot.objects.update(seconds=0.5)
        assert "about 10 seconds with 1 worker" in estimate(curator, repeats="10")

    def test_it_tells_what_the_pictures_cost_where_the_site_has_a_price(self, curator: Client, settings: Any) -> None:
        curator.post(PAGE, {**CHOSEN, "repeats": "1"})
        work(engines=["painter"], worker="w1")
        Slot.objects.update(seconds=36)
        Worker.objects.update(device="Fast GPU")
        assert "€" not in estimate(curator, repeats="10")
        settings.ENGINE_PRICES = {"painter": Decimal("2.50")}
        assert "It is about 12 minutes of work. · Fast GPU · about €0.50" in estimate(curator, repeats="10")

    def test_combinations_can_be_left_out(self, curator: Client) -> None:
        chosen = {"emotions": ["calm", "sad"], "animals": ["cat", "dog"], "without": ["sad|dog", "fear|cat"]}
        text = estimate(curator, **chosen)
        assert "12 pictures" in text
        assert "3 combinations" in text
        assert "Every combination is left out" in estimate(curator, without=["calm|"])

    def test_it_names_what_is_wrong_once_something_is_chosen(self, curator: Client) -> None:
        assert "width must be a multiple of 8" in estimate(curator, landscape="97×64")
        empty = estimate(curator, emotions=[], landscape="97×64")
        assert "Tick an emotion or write a sentence." in empty
        assert "must be" not in empty


class TestOnePrompt:
    def test_a_sentence_needs_no_emotion(self, curator: Client) -> None:
        curator.post(PAGE, {**CHOSEN, "emotions": [], "sentence": "a cat in the snow", "animals": ["dog", "owl"]})
        keys, prompts = zip(*Slot.objects.order_by("id").values_list("key", "prompt"), strict=True)
        assert all(re.fullmatch(r"imgPool/img_[0-9-]+_\d[hv]\.jpeg", key) for key in keys)
        assert [*dict.fromkeys(prompts)] == ["dog, a cat in the snow, flowers", "owl, a cat in the snow, flowers"]
        assert GenerationJob.objects.get().title == "a cat in the snow, flowers · dog, owl · 8"

    def test_settings_that_the_engine_has_not_are_left_out(self) -> None:
        form = filled(steps="4", guidance="2.5", negative="blur", seed="4294967295")
        assert form.is_valid(), form.errors
        order = form.order()
        assert (order.steps, order.guidance_scale, order.negative, order.seed) == (None, None, "", 4294967295)
        assert form.plan
        assert [picture.request.seed for picture in form.plan.pictures("img")] == [4294967295, 4294967295, 0, 0]


class TestPreviews:
    def test_a_few_pictures_of_different_combinations_are_made_before_bulk_jobs(self, curator: Client) -> None:
        preview(curator, emotions=["calm", "sad"], animals=["cat", "dog", "owl", "fox"], repeats="9")
        job = GenerationJob.objects.get()
        assert (job.priority, job.slots.count()) == (Priority.SINGLE, 4)
        assert len({slot.prompt for slot in job.slots.all()}) == 4

    def test_the_same_form_with_the_same_token_makes_no_others(self, curator: Client) -> None:
        first, second = preview(curator), preview(curator)
        assert GenerationJob.objects.count() == 1
        assert "every 1s" in first
        work(engines=["painter"])
        shown = curator.get(f"{PAGE}previews/{GenerationJob.objects.get().pk}/").content.decode()
        assert shown.count("<img") == 4
        assert "every 1s" not in shown
        assert "every 1s" in second

    def test_more_of_a_preview_has_its_combination_and_new_seeds(self, curator: Client) -> None:
        preview(curator, animals=["cat"], weathers=["snowy"], combine="on", more="red fox", others="ink")
        work(engines=["painter"])
        for favorite, address in (("cat,snowy", "t1"), ("red fox,snowy", "t2")):
            slot = Slot.objects.filter(image__favorite=favorite).first()
            assert slot
            answer = curator.post(f"{PAGE}more/{slot.pk}/", {"token": address})
            job = GenerationJob.objects.order_by("-created_at")[0]
            assert answer["Location"] == f"{PAGE}jobs/{job.pk}/"
            assert job.slots.count() == 40
            assert {one.prompt for one in job.slots.all()} == {slot.prompt}
            assert slot.seed not in job.slots.values_list("seed", flat=True)

    def test_an_invalid_form_makes_none(self, curator: Client) -> None:
        assert "not valid" in preview(curator, emotions=[])
        assert not GenerationJob.objects.exists()


class TestPresets:
    def test_choices_are_kept_under_a_name_replaced_and_deleted(self, curator: Client) -> None:
        for words in ("at ease", "still"):
            answer = curator.post(f"{PAGE}presets/", {**CHOSEN, "words_calm": words, "preset_name": " Lobby "})
        (preset,) = OrderPreset.objects.all()
        assert (preset.name, answer["Location"]) == ("Lobby", f"{PAGE}?preset={preset.pk}")
        assert 'value="still"' in curator.get(answer["Location"]).content.decode()
        curator.post(f"{PAGE}presets/{preset.pk}/delete/")
        assert not OrderPreset.objects.exists()

    def test_a_preset_needs_a_name_and_valid_choices(self, curator: Client) -> None:
        answer = curator.post(f"{PAGE}presets/", {**CHOSEN, "preset_name": " "})
        assert answer.status_code == 400
        assert "Name of the preset" in answer.content.decode()
        assert curator.post(f"{PAGE}presets/", {**CHOSEN, "repeats": "0", "preset_name": "x"}).status_code == 400
        assert not OrderPreset.objects.exists()


class TestJob:
    def test_it_says_how_far_it_is_and_offers_what_can_be_done(self, curator: Client) -> None:
        address = curator.post(PAGE, CHOSEN)["Location"]
        job = GenerationJob.objects.get()
        assert "No worker is online" in curator.get(address).content.decode()
        paused = curator.post(f"{address}pause/", headers={"HX-Request": "true"}).content.decode()
        assert "Paused" in paused
        assert 'id="resume"' in paused
        assert "<html" not in paused
        curator.post(f"{address}resume/")
        work(engines=["painter"])
        done = curator.get(address).content.decode()
        assert "All pictures are made: 4." in done
        assert done.count("<img") == 4
        assert f'href="/admin/curation/review/?job={job.pk}"' in done
        assert "hx-get" not in done
        assert "pause" in curator.post(f"{address}pause/").content.decode()

    def test_a_job_of_another_program_is_watched_too(self, viewer: Client) -> None:
        job = GenerationJob.objects.create(title="calm · 12")
        page = viewer.get(f"{PAGE}jobs/{job.pk}/").content.decode()
        assert "calm · 12" in page
        assert "again" not in page


class TestWhoMayDoWhat:
    def test_viewers_look(self, viewer: Client) -> None:
        assert "data-form" not in viewer.get(PAGE).content.decode()
        assert viewer.get(f"{PAGE}jobs/").status_code == 200

    def test_viewers_make_and_change_nothing(self, viewer: Client) -> None:
        job = GenerationJob.objects.create(title="calm · 12")
        slot = job.slots.create(index=0, orientation="landscape", key="imgPool/a_0h.jpeg", width=8, height=8, seed=1)
        preset = OrderPreset.objects.create(name="x")
        for path in (
            *("", "estimate/", "previews/", f"more/{slot.pk}/", "presets/", f"presets/{preset.pk}/delete/"),
            f"jobs/{job.pk}/cancel/",
        ):
            assert viewer.post(f"{PAGE}{path}", CHOSEN).status_code == 403, path
        assert GenerationJob.objects.get().control == "active"

    @pytest.mark.parametrize("job", ["nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_a_job_that_is_not_there_is_not_found(self, viewer: Client, job: str) -> None:
        assert viewer.get(f"{PAGE}jobs/{job}/").status_code == 404
        assert viewer.get(PAGE, {"again": job}).status_code == 404


class TestRecentJobs:
    def test_it_lists_them_with_how_far_they_are_and_their_pictures(self, curator: Client) -> None:
        for token in ("first", "second"):
            curator.post(PAGE, {**CHOSEN, "token": token, "repeats": "1"})
        pause_job(job=GenerationJob.objects.order_by("-created_at")[0])
        work(engines=["painter"])
        paused, finished = curator.get(f"{PAGE}jobs/").content.decode().split("</li>")[:2]
        assert "0 of 2 made" in " ".join(paused.split())
        assert "paused" in paused
        assert "<progress" in paused
        assert "2 of 2 made" in " ".join(finished.split())
        assert "<progress" not in finished
        assert finished.count("<img") == 2
        assert "ann" in finished

    def test_single_pictures_and_other_programs_jobs_are_not_among_them(self, viewer: Client) -> None:
        GenerationJob.objects.create(title="one", priority=GenerationJob.Priority.SINGLE)
        GenerationJob.objects.create(title="seed", request_key="bulk:1:0:imgPool/calm/img_1")
        assert "No jobs yet" in viewer.get(f"{PAGE}jobs/").content.decode()

    def test_more_jobs_cost_no_more_queries(self, curator: Client, django_assert_max_num_queries: Any) -> None:
        for token in "abcd":
            curator.post(PAGE, {**CHOSEN, "token": token, "repeats": "1"})
        with django_assert_max_num_queries(9):
            curator.get(f"{PAGE}jobs/")


def test_a_faster_mode_says_how_far_its_pictures_are_from_exact_ones(settings: Any, tmp_path: Path) -> None:
    models = {"ours": {"id": str(tmp_path), "fast": {"steps": 2}}}
    options: dict[str, Any] = {"models": models, "default_model": "ours", "warm_cache": str(tmp_path)}
    settings.GENERATION_ENGINES = {
        "diffusers": {"BACKEND": "generation.engines.diffusers.DiffusersEngine", "OPTIONS": options}
    }
    assert dict(maker_choices())["diffusers|ours:fast"].endswith("other pictures than exact, not compared yet")
    card = DiffusersEngine(**options).card("")
    keep_distances(str(tmp_path), card, [ModeComparison("fast", 1.0, 0.0421)])
    assert dict(maker_choices())["diffusers|ours:fast"].endswith("distance from exact 0.042")
