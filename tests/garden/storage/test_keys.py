import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.storage.keys import (
    InvalidKeyError,
    candidate_keys,
    join_emotion,
    orientation_of,
    parse_key,
    published_key,
    split_emotion,
)
from garden.vocabulary import Emotion, Orientation


def test_it_reads_emotion_and_orientation_from_a_serving_key() -> None:
    parts = parse_key("emotions/calm/img_20230320-121242_6h.jpeg")
    assert (parts.root, parts.emotion, parts.favorite) == ("emotions", Emotion.CALM, "")
    assert parts.orientation is Orientation.LANDSCAPE


def test_it_reads_a_favorite_with_commas() -> None:
    parts = parse_key("imgPool/happy/spring,cloudy,day/img_20230319-131015_0v.jpeg")
    assert parts.favorite == "spring,cloudy,day"
    assert parts.orientation is Orientation.PORTRAIT


@pytest.mark.parametrize(
    ("key", "orientation"),
    [
        ("img_2023039-20405_0h.jpeg", Orientation.LANDSCAPE),
        ("img_2023039-20405_0v.jpeg", Orientation.PORTRAIT),
        ("img_2023039-20405_0.jpeg", Orientation.LANDSCAPE),
        ("live", Orientation.LANDSCAPE),
        ("lav", Orientation.PORTRAIT),
    ],
)
def test_it_calls_every_key_landscape_that_does_not_end_in_v(key: str, orientation: Orientation) -> None:
    assert orientation_of(key) is orientation


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("", "is not imgPool/"),
        ("emotions/calm", "'' is not one of happy"),
        ("emotions/calm/", "is not imgPool/"),
        ("profile/calm/x.jpeg", "is not imgPool/"),
        ("emotions/../calm/x.jpeg", "is not imgPool/"),
        ("emotions/calm/../../etc/passwd", "is not imgPool/"),
        ("emotions/bored/x.jpeg", "'bored' is not one of happy"),
        ("emotions/calm/" + "x" * 1024, "more than 1024 bytes"),
    ],
)
def test_it_refuses_a_key_and_names_the_rule(key: str, rule: str) -> None:
    with pytest.raises(InvalidKeyError, match=rule):
        parse_key(key)


@given(st.text())
def test_it_answers_any_text_with_parts_or_a_clear_error(key: str) -> None:
    with contextlib.suppress(InvalidKeyError):
        assert parse_key(key).emotion in ["", *Emotion]


def test_it_lets_a_picture_without_an_emotion_wait_in_the_pool() -> None:
    assert parse_key("imgPool/img_20230319-131015_0.jpeg").emotion == ""


def test_it_publishes_under_the_same_name() -> None:
    assert published_key("imgPool/sad/cat/img_1_0h.jpeg") == "emotions/sad/cat/img_1_0h.jpeg"


@pytest.mark.parametrize(
    ("text", "parts"),
    [("calm", ("calm", "")), ("happy/spring,cloudy,day", ("happy", "spring,cloudy,day")), ("sad/a/b", ("sad", "a/b"))],
)
def test_the_emotion_of_a_text_ends_at_its_first_slash(text: str, parts: tuple[str, str]) -> None:
    assert split_emotion(text) == parts
    assert join_emotion(*parts) == text


@pytest.mark.parametrize(
    "address",
    [
        "emotions/calm/cat/img 1_0h.jpeg",
        "https://cdn.example/emotions/calm/cat/img%201_0h.jpeg",
        "http://localhost:8000/media/emotions/calm/cat/img%201_0h.jpeg?X-Amz-Signature=1",
    ],
)
def test_it_finds_the_key_in_a_full_url(address: str) -> None:
    assert "emotions/calm/cat/img 1_0h.jpeg" in candidate_keys(address)
