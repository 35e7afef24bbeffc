"""The filter that lists, counts and acts share."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from curation.library.filters import ImageFilter, InvalidFilterError
from curation.models import Decision
from garden.models import Image
from generation.models import GenerationJob, PromptTemplate, Slot
from recommend.models import ImageRate
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


def pool(name: str, **fields: Any) -> Image:
    """A pool picture: `pool("calm/cat/img_1v")`."""
    return ImageFactory(key=f"imgPool/{name}.jpeg", published_at=None, **fields)


def shown(**asked: Any) -> set[str]:
    wanted = ImageFilter.from_query(asked)
    return {image.key.removeprefix("imgPool/").removesuffix(".jpeg") for image in wanted.apply(Image.objects.all())}


def slot_of(image: Image, **fields: Any) -> Slot:
    job = fields.pop("job", None) or GenerationJob.objects.create(title="a job")
    about = {"orientation": image.orientation, "engine": "painter", "prompt": "p", "seed": 1, "batch_key": "b"}
    return Slot.objects.create(
        job=job, index=image.pk, key=image.key, image=image, width=8, height=8, **about, **fields
    )


def test_it_shows_the_pool_when_nothing_is_asked() -> None:
    pool("calm/img_1h")
    ImageFactory(key="emotions/calm/img_2h.jpeg")
    assert shown() == {"calm/img_1h"}


def test_it_narrows_by_emotion_orientation_and_favorite() -> None:
    for name in ("calm/cat/img_1h", "calm/cat/img_1v", "calm/img_2v", "sad/cat/img_3v"):
        pool(name)
    assert shown(emotion="calm", orientation="portrait") == {"calm/cat/img_1v", "calm/img_2v"}
    assert shown(emotion="calm", favorite="cat") == {"calm/cat/img_1h", "calm/cat/img_1v"}
    assert shown(emotion="calm", favorite="none") == {"calm/img_2v"}


def test_it_finds_pictures_that_have_no_emotion_yet() -> None:
    pool("img_1h")
    pool("calm/img_2h")
    assert shown(emotion="none") == {"img_1h"}


def test_it_narrows_by_what_was_decided() -> None:
    for verdict in ("", "like", "dislike", "disputed"):
        pool(f"calm/img_{verdict}h", verdict=verdict)
    assert shown(verdict="undecided") == {"calm/img_h"}
    assert shown(verdict="disputed") == {"calm/img_disputedh"}
    assert len(shown(verdict="")) == 4


def test_it_finds_the_pictures_of_a_job_and_of_a_template() -> None:
    first, second = pool("calm/img_1h"), pool("calm/img_2h")
    job = GenerationJob.objects.create(title="mine")
    template = PromptTemplate.objects.create(emotion="calm", text="[EMOTION] sea")
    slot_of(first, job=job)
    slot_of(second, template=template)
    assert shown(job=job.pk) == {"calm/img_1h"}
    assert shown(template=template.pk) == {"calm/img_2h"}


def test_a_published_copy_belongs_to_the_job_of_its_original() -> None:
    original = pool("calm/img_1h")
    job = GenerationJob.objects.create(title="mine")
    slot_of(original, job=job)
    ImageFactory(key="emotions/calm/img_1h.jpeg", published_from=original)
    assert shown(job=job.pk, state="serving") == {"emotions/calm/img_1h"}
    Image.objects.serving().withdraw()
    assert shown(job=job.pk, state="trash") == {"emotions/calm/img_1h"}


def test_the_filter_includes_its_first_and_last_day() -> None:
    now = timezone.now()
    pool("calm/img_1h", created_at=now)
    pool("calm/img_2h", created_at=now - timedelta(days=3))
    assert shown(since=now.date()) == {"calm/img_1h"}
    assert shown(until=now.date()) == {"calm/img_1h", "calm/img_2h"}
    assert shown(until=(now - timedelta(days=1)).date()) == {"calm/img_2h"}


def test_it_finds_words_of_the_prompt_and_of_the_key() -> None:
    pool("calm/img_1h", prompt="A Sea of poppies")
    pool("calm/img_2h", prompt="100% sky")
    assert shown(q="sea OF") == {"calm/img_1h"}
    assert shown(q="img_2") == {"calm/img_2h"}
    assert shown(q="100%") == {"calm/img_2h"}


def test_it_finds_what_a_curator_has_voted_on() -> None:
    kim = get_user_model().objects.create_user("kim", is_staff=True)
    image = pool("calm/img_1h")
    pool("calm/img_2h")
    Decision.objects.create(event=uuid.uuid4(), is_current=True, image=image, curator=kim, verdict="like")
    assert shown(curator=kim.pk) == {"calm/img_1h"}


def test_it_begins_and_ends_at_the_given_pictures() -> None:
    images = [pool(f"calm/img_{number}h") for number in range(5)]
    assert shown(start=images[3].pk, end=images[2].pk) == {"calm/img_2h", "calm/img_3h"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "lost"),
        ("verdict", "great"),
        ("emotion", "bored"),
        ("job", "17"),
        ("start", "9" * 30),
        ("since", "yesterday"),
        ("until", "9999-12-31"),
        ("q", "a\0b"),
        ("favorite", "x" * 300),
    ],
)
def test_it_refuses_nonsense_and_names_the_field(field: str, value: str) -> None:
    with pytest.raises(InvalidFilterError) as refused:
        ImageFilter.from_query({field: value})
    assert refused.value.extra["field"] == field


def test_an_act_refuses_a_field_it_does_not_know() -> None:
    with pytest.raises(InvalidFilterError) as refused:
        ImageFilter.from_json({"state": "pool", "emotoin": "calm"})
    assert refused.value.extra["field"] == "emotoin"
    with pytest.raises(InvalidFilterError):
        ImageFilter.from_json(["pool"])


def test_it_can_be_written_down_and_read_again() -> None:
    asked = {"verdict": "like", "job": str(uuid.uuid4()), "until": "2026-11-21", "start": "7", "q": "a+b"}
    wanted = ImageFilter.from_query(asked)
    assert ImageFilter.from_json(wanted.as_query()) == wanted


def test_it_finds_pictures_grown_for_visitors_and_those_that_they_liked() -> None:
    pool("calm/img_ordered_1h")
    now = timezone.now()
    pool("calm/img_grown_1h", grown_at=now)
    liked = pool("calm/img_grown_2h", grown_at=now)
    ImageRate.objects.create(image=liked, group="adult/Male", shown=1, liked=1)
    assert shown(grown="grown") == {"calm/img_grown_1h", "calm/img_grown_2h"}
    assert shown(grown="liked") == {"calm/img_grown_2h"}
    assert shown(grown="ordered") == {"calm/img_ordered_1h"}
