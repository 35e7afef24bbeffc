import json
from io import StringIO
from itertools import islice, product
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from garden.storage.keys import orientation_of, parse_key
from garden.vocabulary import Emotion, Orientation
from generation.models import GenerationJob, PromptTemplate, Slot
from generation.prompts.templates import own_templates
from generation.queue.worker import work
from generation.starter import starter_pictures
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


def run(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def test_the_first_pictures_of_the_starter_garden_are_a_pair_of_each_emotion() -> None:
    first = [starter.key for starter in islice(starter_pictures(), 16)]
    assert {(parse_key(key).emotion, orientation_of(key)) for key in first} == set(product(Emotion, Orientation))
    assert run("plant_starter_garden", "--first", "16", "--dry-run") == "Pictures that would be painted: 16.\n"


class TestGenerate:
    def test_it_queues_pairs_for_the_pool(self) -> None:
        message = run("generate", "calm", "--count", "2", "--favorite", "cat", "--others", "flowers")
        assert "Pictures queued: 4" in message
        assert set(Slot.objects.values_list("prompt", flat=True)) == {"calm, cat, flowers"}
        assert all(key.startswith("imgPool/calm/cat/img_") for key in Slot.objects.values_list("key", flat=True))

    def test_an_unknown_emotion_is_answered_by_the_known_words(self) -> None:
        with pytest.raises(CommandError, match=r"'joy' \(choose from '?happy'?, '?surprised'?"):
            run("generate", "joy")

    def test_a_dry_run_queues_nothing(self) -> None:
        assert "Pictures that would be queued: 2; the first prompt: calm, flowers, garden" in run(
            "generate", "calm", "--dry-run"
        )
        assert not GenerationJob.objects.exists()

    def test_it_says_which_engine_it_does_not_have(self) -> None:
        with pytest.raises(CommandError, match="no engine 'brush'"):
            run("generate", "calm", "--engine", "brush")

    @pytest.mark.parametrize(("engine", "setting"), [("openai_images", "IMAGE_SERVERS"), ("sagemaker", "SAGEMAKER")])
    def test_it_says_which_setting_turns_an_engine_on(self, engine: str, setting: str) -> None:
        with pytest.raises(CommandError, match=f"Set {setting} to turn it on"):
            run("generate", "calm", "--engine", engine)


class TestJobs:
    def test_it_lists_jobs(self) -> None:
        ask_for(3, name="first")
        work(engines=["quick"])
        ask_for(2, name="second")
        message = run("jobs").splitlines()
        assert "0/2 done" in message[0]
        assert "3/3 done" in message[1]

    def test_it_prints_json_for_programs(self) -> None:
        job = ask_for(3)
        (shown,) = json.loads(run("jobs", "show", str(job.pk), "--json"))
        assert shown["slots"]["queued"] == 3

    def test_it_pauses_resumes_and_cancels(self) -> None:
        job = ask_for(1)
        for action, state in (("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")):
            run("jobs", action, str(job.pk))
            assert job.slots.get().state == state

    def test_watching_ends_with_an_error_when_a_picture_failed(self, settings: Any) -> None:
        settings.GENERATION_MAX_ATTEMPTS = 1
        job = ask_for(2, prompt="bad")
        work(engines=["quick"])
        with pytest.raises(CommandError, match="Pictures failed: 2 of 2; the first error: The picture came out flat"):
            run("jobs", "watch", str(job.pk))

    @pytest.mark.parametrize("name", ["", "nonsense", "00000000-0000-4000-8000-000000000000"])
    def test_it_says_when_there_is_no_such_job(self, name: str) -> None:
        with pytest.raises(CommandError, match="job"):
            run("jobs", "show", name)


class TestSweep:
    @pytest.fixture(autouse=True)
    def _templates(self) -> None:
        """A new garden's own, whatever an earlier test emptied."""
        for own in own_templates():
            PromptTemplate.objects.get_or_create(emotion=own.emotion, text=own.text, negative=own.negative)

    def test_it_shows_the_count_and_queues_nothing_unasked(self) -> None:
        full = {"animals": "cat", "seasons": "all", "weathers": "all", "times": "all", "repeats": 16}
        assert "Pictures: 16384" in run("sweep", **full)
        assert not GenerationJob.objects.exists()

    def test_it_queues_every_combination_with_the_templates_in_turn(self) -> None:
        run("sweep", emotions="calm,sad", animals="cat,dog", repeats=2, yes=True)
        slots = Slot.objects.all()
        assert slots.count() == 2 * 2 * 2 * 2
        assert slots.filter(key__startswith="imgPool/calm/dog/img_", orientation="portrait", width=800).count() == 2
        assert slots.values("prompt").distinct().count() >= 4
        assert not slots.filter(prompt__contains="[").exists()

    def test_every_slot_knows_the_template_that_its_prompt_came_from(self) -> None:
        run("sweep", emotions="calm", repeats=8, yes=True)
        turns = list(PromptTemplate.objects.active().of_emotions([Emotion.CALM]).in_turn())
        slots = Slot.objects.filter(orientation="portrait").order_by("index").select_related("template")
        assert [slot.template for slot in slots] == turns * (8 // len(turns))
        assert all(slot.negative_prompt == slot.template.negative for slot in slots if slot.template)

    def test_it_says_which_emotion_it_does_not_know(self) -> None:
        with pytest.raises(CommandError, match="'bored' is not one of"):
            run("sweep", emotions="bored")

    def test_it_says_when_an_emotion_has_no_template(self) -> None:
        PromptTemplate.objects.filter(emotion="sad").delete()
        with pytest.raises(CommandError, match="no enabled template for sad"):
            run("sweep", emotions="sad")
