"""Words read in pictures: from the record where nothing is installed, by CLIP where a folder is named."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from garden.errors import MisconfiguredError
from generation.models import Slot, TagReading, TagWord
from generation.queue.worker import work
from generation.retouch.settings import Crop
from generation.retouch.versions import open_image
from generation.tagging.base import MAX_TAGS, PictureTagger, Sight, Word
from generation.tagging.clip import ClipTagger
from generation.tagging.handler import read_tags
from generation.tagging.record import RecordTagger, shares
from tests.generation.retouch.samples import picture
from tools.tiny_diffusion import build_tiny_clip

WORDS = [Word("cat", "subject"), Word("dog", "subject"), Word("calm", "mood"), Word("red", "colour"), Word("fog", "x")]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(params=["record", "clip"])
def tagger(request: pytest.FixtureRequest) -> PictureTagger:
    if request.param == "record":
        return RecordTagger()
    return ClipTagger(model=str(request.getfixturevalue("clip")), device="cpu")


def sight(shade: Any = (200, 30, 30), **record: str) -> Sight:
    return Sight(np.full((80, 100, 3), shade, np.uint8), **record)


def test_it_scores_words_from_0_to_1_the_best_first(tagger: PictureTagger) -> None:
    tags = tagger.read(sight(prompt="a cat", emotion="calm"), WORDS)
    scores = [tag.score for tag in tags]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert len({tag.text for tag in tags}) == len(tags) <= MAX_TAGS
    assert tagger.note
    assert tagger.label.startswith(tagger.name)


def test_it_reads_nothing_with_no_words_and_no_record(tagger: PictureTagger) -> None:
    assert tagger.read(sight(), []) == []


def test_the_record_knows_what_was_asked_for_and_counts_colours() -> None:
    tags = RecordTagger().read(sight(prompt="calm, (cat:1.3), an old gate", emotion="calm"), WORDS)
    assert {tag.text: tag.score for tag in tags} == {"calm": 1.0, "cat": 0.9, "an old gate": 0.6, "red": 1.0}


def test_colours_are_shares_of_the_picture() -> None:
    half = np.zeros((40, 40, 3), np.uint8)
    half[:, 20:] = (240, 210, 50)
    found = shares(half)
    assert found.keys() == {"black", "yellow"}
    assert sum(found.values()) == pytest.approx(1, abs=0.05)


def test_clip_ranks_words_among_those_of_their_kind_by_what_it_sees(clip: Path) -> None:
    tagger = ClipTagger(model=str(clip), device="cpu")
    tags = {tag.text: tag.score for tag in tagger.read(sight(), WORDS)}
    assert tags["cat"] + tags["dog"] == pytest.approx(1, abs=1e-3)
    assert tags["calm"] == 1
    other = {tag.text: tag.score for tag in tagger.read(sight((20, 200, 90)), WORDS)}
    assert other["cat"] != tags["cat"]


def test_clip_wants_a_folder() -> None:
    with pytest.raises(MisconfiguredError):
        ClipTagger(model="somewhere")


@pytest.mark.django_db
def test_a_reading_by_clip_goes_through_the_queue(clip: Path, settings: Any) -> None:
    settings.PICTURE_TAGGER = {
        "BACKEND": "generation.tagging.clip.ClipTagger",
        "OPTIONS": {"model": str(clip), "engine": "quick", "device": "cpu"},
    }
    TagWord.objects.exclude(text__in=["cat", "dog"]).update(active=False)
    reading = read_tags(canvas=open_image(image=picture(), by=None), version=None, crop=Crop(0, 0, 64, 64), by=None)
    assert (reading.state, Slot.objects.get().kind) == ("queued", "tags")
    assert work(engines=["quick"]) == 1
    reading = TagReading.objects.get()
    assert (reading.state, reading.tagger) == ("done", f"clip:{clip.name}")
    assert {tag["text"] for tag in reading.tags} == {"cat", "dog"}


@pytest.mark.django_db
def test_the_vocabulary_begins_with_words_of_every_kind() -> None:
    kinds = set(TagWord.objects.active().values_list("kind", flat=True))
    assert kinds == set(TagWord.Kind.values)
