"""Orders in bulk: what they come to, and that each becomes one job."""

from typing import Any

import pytest

from garden.vocabulary import Emotion, Orientation
from generation.engines.base import UnsupportedSizeError
from generation.jobs import SlotSpec
from generation.models import GenerationJob, PromptTemplate, Slot, Worker
from generation.models.job import Priority
from generation.orders import (
    MAX_PICTURES,
    BulkError,
    BulkOrder,
    FormUsedError,
    estimate_bulk,
    plan_bulk,
    queue_bulk,
    title_of,
)
from generation.prompts.templates import Axis
from generation.queue.worker import work

pytestmark = pytest.mark.django_db
CALM, SAD = Emotion.CALM, Emotion.SAD
SMALL = {Orientation.LANDSCAPE: (96, 64), Orientation.PORTRAIT: (64, 96)}


def order(**changes: Any) -> BulkOrder:
    return BulkOrder(**{"emotions": (CALM,), "others": "flowers", "sizes": SMALL, **changes})


def pictures(**changes: Any) -> list[SlotSpec]:
    return list(plan_bulk(order(**changes)).pictures("img_1"))


def write_template(text: str, emotion: Emotion = CALM, **changes: Any) -> PromptTemplate:
    return PromptTemplate.objects.create(emotion=emotion, text=text, **{"negative": "frame", **changes})


@pytest.fixture
def _only_these_templates() -> None:
    PromptTemplate.objects.all().delete()


class TestPlanning:
    def test_it_makes_every_emotion_with_every_favorite_in_both_orientations(self) -> None:
        plan = plan_bulk(order(emotions=(CALM, SAD), favorites=("", "cat", "spring,cloudy,day"), repeats=2))
        assert len(plan) == len(list(plan.pictures("img_1"))) == 2 * 3 * 2 * 2

    def test_it_names_them_as_the_seeds_did(self) -> None:
        keys = [picture.key for picture in pictures(favorites=("cat",), repeats=2)]
        assert keys == [f"imgPool/calm/cat/img_1_{index}{side}.jpeg" for index in (0, 1) for side in "hv"]

    def test_a_job_that_is_stopped_early_is_a_balanced_one(self) -> None:
        first = pictures(emotions=(CALM, SAD), favorites=("", "cat"), repeats=9)[:8]
        assert {picture.key.partition("/img")[0] for picture in first} == {
            "imgPool/calm",
            "imgPool/calm/cat",
            "imgPool/sad",
            "imgPool/sad/cat",
        }

    def test_a_pair_shares_its_prompt_and_every_picture_has_a_seed_of_its_own(self) -> None:
        made = pictures(repeats=2)
        assert {picture.request.prompt for picture in made} == {"calm, flowers"}
        assert len({picture.request.seed for picture in made}) == 4

    def test_other_words_are_said_for_the_emotion_and_its_name_where_there_are_none(self) -> None:
        made = pictures(emotions=(CALM, SAD), words={CALM: "at ease", SAD: ""}, favorites=("cat",))
        assert {picture.request.prompt for picture in made} == {"at ease, cat, flowers", "sad, cat, flowers"}

    def test_one_orientation_is_enough(self) -> None:
        made = pictures(sizes={Orientation.PORTRAIT: (64, 96)}, repeats=3)
        assert [picture.key[-6] for picture in made] == ["v", "v", "v"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"emotions": ()}, "emotions"),
            ({"favorites": ()}, "favorites"),
            ({"sizes": {}}, "landscape"),
            ({"repeats": 0}, "repeats"),
            ({"repeats": MAX_PICTURES}, "repeats"),
        ],
    )
    def test_it_says_what_is_missing_or_too_much(self, changes: dict[str, Any], field: str) -> None:
        with pytest.raises(BulkError) as raised:
            plan_bulk(order(**changes))
        assert raised.value.extra == {"field": field}

    def test_it_names_the_rule_that_a_size_breaks(self) -> None:
        with pytest.raises(UnsupportedSizeError, match="height must be a multiple of 8") as raised:
            plan_bulk(order(sizes={Orientation.PORTRAIT: (64, 97)}))
        assert raised.value.extra == {"field": "portrait"}


@pytest.mark.usefixtures("_only_these_templates")
class TestTemplatesInTurn:
    def test_they_take_turns_and_every_slot_knows_its_own(self) -> None:
        first, second = write_template("a pond, [ANIMAL] beside it", order=1), write_template("a meadow", order=2)
        made = pictures(rotate=True, favorites=("cat",), repeats=3, others="")
        assert [(picture.template, picture.request.prompt) for picture in made[::2]] == [
            (first.pk, "a pond, cat beside it"),
            (second.pk, "a meadow"),
            (first.pk, "a pond, cat beside it"),
        ]

    def test_scenery_fills_the_axes_of_scenery(self) -> None:
        write_template("a pond, [SEASON] air, [WEATHER] sky, [TIME] light, [ANIMAL] there")
        made = pictures(rotate=True, favorites=("spring,cloudy,day",))
        assert made[0].request.prompt == "a pond, spring air, cloudy sky, day light, flowers"

    @pytest.mark.parametrize("favorites", [("",), ("cat",), ("", "cat"), ("", "cat", "dog", "fox")])
    def test_no_template_is_left_out_however_many_favorites_there_are(self, favorites: tuple[str, ...]) -> None:
        written = [write_template(f"pond {order}", order=order) for order in range(3)]
        used = [made.template for made in pictures(rotate=True, favorites=favorites, repeats=3)]
        assert {used.count(template.pk) for template in written} == {2 * len(favorites)}

    def test_values_that_are_given_are_not_read_from_the_favorite(self) -> None:
        write_template("a pond, [WEATHER] sky, [ANIMAL] there")
        values = {"foggy": {Axis.WEATHER: "foggy"}}
        assert pictures(rotate=True, favorites=("foggy",), values=values)[0].request.prompt == (
            "a pond, foggy sky, flowers"
        )

    def test_both_negative_prompts_count_once(self) -> None:
        write_template("a pond")
        assert pictures(rotate=True, negative="blurry")[0].request.negative_prompt == "frame, blurry"
        assert pictures(rotate=True, negative="frame")[0].request.negative_prompt == "frame"

    def test_it_says_which_emotion_has_no_template_in_use(self) -> None:
        write_template("a pond")
        write_template("a stream", SAD, active=False)
        with pytest.raises(BulkError, match="no enabled template for sad"):
            plan_bulk(order(emotions=(CALM, SAD), rotate=True))


class TestEstimating:
    def test_it_says_unknown_until_this_kind_was_measured(self) -> None:
        estimate = estimate_bulk(plan_bulk(order(repeats=2)))
        assert (estimate.pictures, estimate.work, estimate.seconds, estimate.workers) == (4, None, None, 0)

    def test_it_multiplies_what_was_measured_of_just_this_kind(self, ann: Any) -> None:
        queue_bulk(order=order(), token="t", by=ann, request={})
        work(engines=["quick"], worker="w1")
        Slot.objects.filter(orientation="landscape").update(seconds=2.0)
        Slot.objects.filter(orientation="portrait").update(seconds=4.0)
        estimate = estimate_bulk(plan_bulk(order(repeats=10)))
        assert (estimate.work, estimate.seconds) == (60.0, 60.0)
        Worker.objects.create(name="w2", engines=["quick"])
        assert estimate_bulk(plan_bulk(order(repeats=10))).seconds == 30.0
        assert estimate_bulk(plan_bulk(order(model="another"))).work is None

    def test_it_says_how_many_wait_before(self, ann: Any) -> None:
        queue_bulk(order=order(repeats=3), token="t", by=ann, request={})
        assert estimate_bulk(plan_bulk(order())).ahead == 6
        assert estimate_bulk(plan_bulk(order(priority=Priority.SINGLE))).ahead == 0


class TestQueueing:
    def test_the_same_form_sent_twice_is_one_job(self, ann: Any) -> None:
        jobs = [queue_bulk(order=order(), token="t", by=ann, request={"repeats": 1}) for _ in range(2)]
        assert jobs[0] == jobs[1]
        assert Slot.objects.count() == 2

    def test_a_form_that_was_changed_and_sent_again_is_not_taken_for_the_first(self, ann: Any) -> None:
        first = queue_bulk(order=order(), token="t", by=ann, request={"repeats": 1})
        with pytest.raises(FormUsedError) as raised:
            queue_bulk(order=order(repeats=2), token="t", by=ann, request={"repeats": 2})
        assert raised.value.job == first

    def test_two_curators_in_the_same_second_both_get_their_pictures(
        self, ann: Any, ben: Any, time_machine: Any
    ) -> None:
        time_machine.move_to("2026-03-20 12:00:00", tick=False)
        for curator in (ann, ben):
            queue_bulk(order=order(), token="t", by=curator, request={})
        assert GenerationJob.objects.count() == 2
        assert Slot.objects.count() == 4

    def test_its_title_says_what_it_is(self) -> None:
        assert title_of(order(emotions=tuple(Emotion), favorites=("", "cat")), 32) == (
            "happy, surprised, calm +5 · cat · 32"
        )
