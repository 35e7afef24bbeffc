"""Attributes, gender and age of an evaluation."""

from garden.emotion.base import Attribute
from garden.emotion.evaluation.people import age_figures, attribute_figures, gender_figures
from garden.vocabulary import Gender
from tests.garden.emotion.evaluation.samples import reading, sample


def test_it_counts_what_people_wear() -> None:
    yes, no = Attribute(value=True, confidence=0.9), Attribute(value=False, confidence=0.7)
    samples = [
        sample("happy", reading("happy", beard=said), attributes={"beard": true})
        for true, said in ((True, yes), (True, no), (False, no), (False, no))
    ]
    figures = attribute_figures(samples)
    assert list(figures) == ["beard"]
    beard = figures["beard"]
    assert (beard["found"]["right"], beard["found"]["count"]) == (1, 2)
    assert (beard["rightly_denied"]["right"], beard["rightly_denied"]["count"]) == (2, 2)
    assert beard["area_under_curve"] == 0.75


def test_it_counts_genders_apart() -> None:
    samples = [
        sample("happy", reading("happy", gender=said), gender=true)
        for true, said in (("female", Gender.MALE), ("female", Gender.FEMALE), ("male", Gender.MALE))
    ]
    figures = gender_figures(samples)
    assert (figures["Female"]["share"], figures["Male"]["share"]) == (0.5, 1)


def test_it_says_how_many_age_ranges_hold_the_age() -> None:
    samples = [sample("happy", reading("happy", age_low=30, age_high=40), age=age) for age in (30, 35, 45, None)]
    figures = age_figures(samples)
    assert figures
    assert (figures["held"]["right"], figures["held"]["count"]) == (2, 3)
    assert (figures["mean_width"], round(figures["mean_error"], 2)) == (10, 5)


def test_unknown_ages_make_no_figure() -> None:
    assert age_figures([sample("happy", "happy")]) is None
