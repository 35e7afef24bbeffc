"""The words of a prompt as numbers."""

import numpy as np

from recommend.features import AXES, WORDS_DIMENSION, describe_words


def test_the_axes_of_templates_have_places_of_their_own() -> None:
    described = describe_words("a lake, winter garden at night", "")
    assert {axis for axis, said in zip(AXES, described, strict=False) if said} == {"winter", "night"}


def test_a_favorite_of_season_weather_and_time_says_them_too() -> None:
    assert (describe_words("", "spring,cloudy,day") == describe_words("spring cloudy day", "")).all()


def test_other_words_share_hashed_places_of_unit_length() -> None:
    described = describe_words("roses and lilies beside a pond", "cat")
    assert described.shape == (WORDS_DIMENSION,)
    assert described.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(described[len(AXES) :]), 1, rtol=1e-6)


def test_pictures_of_one_thing_are_closer_than_pictures_of_two() -> None:
    cat, same, dog = (
        describe_words(f"{style}, soft light", animal)
        for style, animal in (("oil painting", "cat"), ("watercolour", "cat"), ("watercolour", "dog"))
    )
    assert cat @ same > cat @ dog


def test_weights_and_brackets_say_nothing_and_no_words_are_zeros() -> None:
    assert (describe_words("((roses:1.3)), lilies", "") == describe_words("lilies roses", "")).all()
    assert not describe_words("", "").any()


def test_the_order_of_words_changes_nothing_and_other_scripts_count() -> None:
    assert (describe_words("장미 정원이", "") == describe_words("정원이 장미", "")).all()
    assert describe_words("정원에서", "").any()
