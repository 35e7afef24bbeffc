"""One schema for a batch's recipe, from the form, from JSON, from a command, and from the retouch client's script."""

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from garden.errors import RefusedError
from generation.retouch.batch.recipe import Part, Recipe, Span, number_in
from generation.retouch.regions import ALL, DRAWN, FACE, REGIONS, SEGMENT

NUMBERS = st.integers(0, 10**15 - 1)
SPANS = st.builds(
    lambda first, length: f"{first}...{'Infinity' if length is None else first + length}",
    st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
)
RECIPES = st.fixed_dictionaries(
    {},
    optional={
        "range": SPANS,
        "numbers": SPANS,
        "region": st.sampled_from([*REGIONS, DRAWN]),
        "expand": st.integers(0, 200),
        "shrink": st.integers(0, 200),
        "fill": st.booleans(),
        "part": st.sampled_from([str(part) for part in Part]),
        "margin": st.integers(0, 1_000),
        "settings": st.fixed_dictionaries(
            {}, optional={"strength": st.floats(0, 1), "seed": st.integers(0, 2**32 - 1)}
        ),
    },
)
SCRIPT = {"range": "0...Infinity", "bodyRegion": "all", "maskExpand": 0, "maskShrink": 0, "fillAll": False}


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner) | st.dictionaries(st.text(), inner)


@given(RECIPES)
def test_it_reads_back_what_it_wrote(given: dict[str, Any]) -> None:
    recipe = Recipe.from_json(given)
    assert Recipe.from_json(recipe.as_json()) == recipe
    assert Recipe.from_json(recipe.as_json()).fingerprint() == recipe.fingerprint()


@given(RECIPES, SPANS, SPANS)
def test_which_pictures_it_is_for_does_not_change_what_it_does(given: dict[str, Any], one: str, other: str) -> None:
    recipe, elsewhere = Recipe.from_json(given), Recipe.from_json({**given, "range": one, "numbers": other})
    assert recipe.fingerprint() == elsewhere.fingerprint()


def test_another_setting_or_another_mask_is_another_recipe() -> None:
    recipe = Recipe.from_json({})
    assert recipe.fingerprint() != Recipe.from_json({"settings": {"strength": 0.5}}).fingerprint()
    assert recipe.fingerprint(b"one") != recipe.fingerprint(b"other")


@given(st.recursive(st.none() | st.booleans() | NUMBERS | st.text(), _deeper))
def test_whatever_it_is_given_it_reads_or_names_the_field_and_the_rule(given: Any) -> None:
    try:
        Recipe.from_json(given)
    except RefusedError as error:
        reported = error.extra
        named = reported["field"] + " " + reported["rule"]
    else:
        return
    with pytest.raises(RefusedError, match=re.escape(named)):
        Recipe.from_json(given)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([], "recipe"),
        ({"colour": 1}, "colour"),
        ({"range": "5"}, "range"),
        ({"range": "5...2"}, "range"),
        ({"numbers": [1, 2]}, "numbers"),
        ({"region": "body"}, "region"),
        ({"region": {"kind": "face", "more": 1}}, "region"),
        ({"expand": 201}, "expand"),
        ({"shrink": True}, "shrink"),
        ({"margin": 1.5}, "margin"),
        ({"fill": "yes"}, "fill"),
        ({"part": "half"}, "part"),
        ({"settings": {"strength": 2}}, "settings.strength"),
        ({"settings": 5}, "settings"),
        ({**SCRIPT, "bodyRegion": "body"}, "bodyRegion"),
        ({**SCRIPT, "maskExpand": 21}, "maskExpand"),
        ({**SCRIPT, "maskShrink": "2"}, "maskShrink"),
        ({**SCRIPT, "fillAll": 1}, "fillAll"),
        ({**SCRIPT, "region": "face"}, "region"),
    ],
)
def test_it_names_the_field_that_breaks_a_rule(given: Any, field: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Recipe.from_json(given)
    assert refused.value.extra["field"] == field


def test_the_clients_script_is_read_as_it_means_it() -> None:
    plain = Recipe.from_json(SCRIPT)
    assert (plain.region, plain.part, plain.numbers) == (SEGMENT, Part.PICTURE, Span(0, math.inf))
    assert Recipe.from_json({**SCRIPT, "fillAll": True}).region == ALL
    face = Recipe.from_json({**SCRIPT, "bodyRegion": "face", "maskExpand": 2, "maskShrink": 1, "range": "3...7"})
    assert (face.region, face.part, face.expand, face.shrink) == (FACE, Part.REGION, 20, 10)
    assert face.numbers == Span(3, 7)


def test_the_clients_script_may_bring_our_settings() -> None:
    assert Recipe.from_json({**SCRIPT, "settings": {"strength": 0.25}}).settings.strength == 0.25


@given(st.lists(st.integers(0, 60), max_size=60), st.integers(0, 50), st.integers(0, 50))
def test_both_ranges_hold_with_their_ends(numbers: list[int], first: int, length: int) -> None:
    names = [f"imgPool/2023/picture-{number}.png" for number in numbers]
    recipe = Recipe.from_json({"range": "2...40", "numbers": f"{first}...{first + length}"})
    expected = [at for at, number in enumerate(numbers) if 1 <= at <= 39 and first <= number <= first + length]
    assert recipe.picked(names) == expected


def test_a_name_without_a_number_is_never_left_out() -> None:
    assert number_in("imgPool/2023/garden.png") is None
    assert Recipe.from_json({"numbers": "5...6"}).picked(["12/garden.png", "4.png", "img5-4.png"]) == [0, 2]
