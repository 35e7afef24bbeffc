"""Templates of prompts, the words a curator chooses, and the notation of weights."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as some
from hypothesis import strategies as st

from garden.vocabulary import Emotion
from generation.models.template import PromptTemplate
from generation.prompts.templates import (
    Axis,
    Template,
    TemplateError,
    bulk_prompt,
    favorite_of,
    own_templates,
    values_of,
)
from generation.prompts.weights import (
    LARGEST,
    Phrase,
    Token,
    TokenError,
    as_prompt,
    escape,
    parse_weights,
    read_tokens,
    strip_weights,
)

OWN = list(own_templates())


def test_every_emotion_has_several_in_order() -> None:
    for emotion in Emotion:
        assert [own.order for own in OWN if own.emotion == emotion] == [0, 1, 2, 3]


def test_no_two_are_alike() -> None:
    assert len({own.text for own in OWN}) == len(OWN)


def test_each_is_open_on_every_axis_and_says_what_not_to_show(subtests: pytest.Subtests) -> None:
    for own in OWN:
        with subtests.test(str(own.emotion), order=own.order):
            Template(own.text).check()
            assert sorted(re.findall(r"\[([A-Z]+)\]", own.text)) == sorted(Axis)
            assert not [phrase for phrase in own.text.split(",") if phrase.count("[") > 1]
            assert "watermark" in own.negative


def test_each_reads_well_with_nothing_chosen_and_fits_the_encoder_with_everything(subtests: pytest.Subtests) -> None:
    for own in OWN:
        with subtests.test(str(own.emotion), order=own.order):
            template = Template(own.text)
            assert len(template.fill({Axis.EMOTION: "calm"}).split()) >= 8
            assert len(template.fill(dict.fromkeys(Axis, "hummingbird")).split()) <= 50


@pytest.mark.parametrize(
    ("values", "favorite"),
    [
        ({}, ""),
        ({Axis.ANIMAL: "cat"}, "cat"),
        ({Axis.SEASON: "spring", Axis.WEATHER: "cloudy", Axis.TIME: "day"}, "spring,cloudy,day"),
        (
            {Axis.ANIMAL: "cat", Axis.TIME: "day", Axis.SEASON: "spring", Axis.WEATHER: "cloudy"},
            "cat,spring,cloudy,day",
        ),
        ({Axis.WEATHER: "rainy"}, "rainy"),
        ({Axis.ANIMAL: "red fox", Axis.WEATHER: "snowy"}, "red fox,snowy"),
        ({Axis.ANIMAL: "red fox", Axis.WEATHER: "snowy", Axis.TIME: "night"}, "red fox,snowy,night"),
    ],
)
def test_a_combination_has_its_favorite(values: dict[Axis, str], favorite: str) -> None:
    assert favorite_of(values) == favorite
    assert values_of(favorite) == values


def test_a_season_is_followed_by_weather_and_time_in_any_words() -> None:
    assert values_of("spring,hazy,noon") == {Axis.SEASON: "spring", Axis.WEATHER: "hazy", Axis.TIME: "noon"}


def test_a_phrase_without_its_value_is_left_out() -> None:
    template = Template("a pond, [ANIMAL] on the bank,  [WEATHER] sky in [SEASON] , [EMOTION]")
    assert template.fill({Axis.EMOTION: "calm", Axis.WEATHER: "rainy"}) == "a pond, calm"
    assert template.fill({Axis.ANIMAL: "cat", Axis.WEATHER: "rainy", Axis.SEASON: "spring"}) == (
        "a pond, cat on the bank, rainy sky in spring"
    )


def test_weights_in_brackets_stay() -> None:
    assert Template("(pond:1.3), [less] of it, [ANIMAL]").fill({Axis.ANIMAL: "cat"}) == "(pond:1.3), [less] of it, cat"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("a [ANIMALS]", r"\[ANIMALS\] is not one of \[EMOTION\]"), (" , ", "needs words"), ("", "needs words")],
)
def test_a_template_that_cannot_be_expanded_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        Template(text).check()


@pytest.mark.parametrize(
    ("parts", "prompt"),
    [
        (("happy", "cat", "flowers, watercolor"), "happy, cat, flowers, watercolor"),
        (("happy", "", "flowers"), "happy, flowers"),
        (("happy", "spring,cloudy,day", ""), "happy, spring,cloudy,day"),
        (("  sad ", " ", " rain "), "sad, rain"),
        (("calm",), "calm"),
        (("", "", ""), ""),
    ],
)
def test_it_joins_the_parts_that_say_something(parts: tuple[str, ...], prompt: str) -> None:
    assert bulk_prompt(*parts) == prompt


def test_it_refuses_an_axis_that_does_not_exist() -> None:
    with pytest.raises(ValidationError, match=r"\[ANIMALS\] is not one of"):
        PromptTemplate(emotion="calm", text="a pond, [ANIMALS]").clean()


def test_it_takes_any_known_axis() -> None:
    PromptTemplate(emotion="calm", text="a pond, [ANIMAL], (lilies:1.2), [ducks]").clean()


@pytest.mark.django_db
def test_templates_of_an_emotion_are_in_their_order() -> None:
    PromptTemplate.objects.all().delete()
    for order, text in ((2, "third"), (0, "first"), (1, "second")):
        PromptTemplate.objects.create(emotion="calm", text=text, negative="fog", order=order)
    PromptTemplate.objects.create(emotion="sad", text="rain", active=False)
    found = PromptTemplate.objects.active().by_emotion()
    assert {emotion: [template.text for template in templates] for emotion, templates in found.items()} == {
        Emotion.CALM: ["first", "second", "third"]
    }


@pytest.mark.django_db
@pytest.mark.parametrize("values", [{"emotion": "glad", "text": "a"}, {"emotion": "calm", "text": ""}])
def test_the_database_keeps_the_rules(values: dict[str, str]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        PromptTemplate.objects.create(**values)


def test_it_says_what_is_on_with_its_weight() -> None:
    tokens = [Token("cat"), Token("dog", on=False), Token("fog", weight=1.3), Token("rain", weight=0)]
    assert as_prompt(tokens) == "cat, (fog:1.3)"


def test_it_reads_words_and_objects() -> None:
    given_tokens = ["cat", {"text": " fog ", "weight": 1.25}, {"text": "dog", "on": False}]
    assert read_tokens(given_tokens) == (Token("cat"), Token("fog", weight=1.25), Token("dog", on=False))


@pytest.mark.parametrize(
    "wrong",
    ["cat", 3, [{"on": True}], [{"text": ""}], [{"text": "x", "weight": 4}], [{"text": "x", "weight": "1"}],
     [{"text": "x", "weight": float("nan")}], [{"text": "x", "on": 1}], [{"text": "x", "colour": 1}], ["x"] * 101,
     ["x" * 501]],
)  # fmt: skip
def test_it_refuses_what_is_no_token(wrong: object) -> None:
    with pytest.raises(TokenError):
        read_tokens(wrong)


@given(some.text(min_size=1, max_size=40).map(str.strip).filter(bool), some.sampled_from([0.5, 1.0, 1.7, 3.0]))
def test_its_text_reaches_the_engine_whatever_brackets_it_has(text: str, weight: float) -> None:
    prompt = as_prompt([Token(text, weight=weight)])
    assert strip_weights(prompt) == text
    assert [phrase.weight for phrase in parse_weights(prompt)] == [weight]


PROMPTS = st.text(alphabet="ab :.,1()[]\\\n花", max_size=60)


@pytest.mark.parametrize(
    ("prompt", "phrases"),
    [
        ("a calm garden", [Phrase("a calm garden")]),
        ("(word:1.3)", [Phrase("word", 1.3)]),
        ("((word))", [Phrase("word", 1.21)]),
        ("[word]", [Phrase("word", 0.909091)]),
        ("([word])", [Phrase("word", 1.0)]),
        ("a (b:1.5) c", [Phrase("a "), Phrase("b", 1.5), Phrase(" c")]),
        ("(a (b:2) c)", [Phrase("a ", 1.1), Phrase("b", 2.2), Phrase(" c", 1.1)]),
        (r"\(word\) \[x\]", [Phrase("(word) [x]")]),
        ("left (open here", [Phrase("left "), Phrase("open here", 1.1)]),
        ("a smile :)", [Phrase("a smile :)")]),
        ("ratio 3:2", [Phrase("ratio 3:2")]),
        ("(word:.5)", [Phrase("word", 0.5)]),
        ("(word: 0.8 )", [Phrase("word", 0.8)]),
        ("(away:-1)", [Phrase("away", -1.0)]),
        ("(far:1000)", [Phrase("far", LARGEST)]),
        ("", []),
    ],
)
def test_it_reads_emphasis_as_the_web_ui_does(prompt: str, phrases: list[Phrase]) -> None:
    assert parse_weights(prompt) == phrases


@given(st.text())
def test_it_leaves_escaped_text_alone(text: str) -> None:
    assert parse_weights(escape(text)) == ([Phrase(text)] if text else [])


@given(PROMPTS)
def test_it_takes_every_string_for_a_prompt_and_loses_no_word(prompt: str) -> None:
    kept = [character for character in strip_weights(prompt) if character in "ab花"]

    assert kept == [character for character in prompt if character in "ab花"]
