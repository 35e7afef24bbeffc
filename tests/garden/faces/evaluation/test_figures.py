"""The figures of an evaluation, against ones worked out by hand."""

from typing import Any

import pytest

from garden.faces.base import Attribute
from garden.faces.evaluation.figures import (
    Answer,
    age_figures,
    attribute_figures,
    emotion_figures,
    evaluate,
    gender_figures,
    wilson,
)
from garden.faces.evaluation.labels import LabelledSample
from garden.faces.evaluation.report import tables
from garden.faces.quality import Limits, Quality
from garden.vocabulary import Emotion, Gender
from tests.garden.faces.evaluation.samples import reading, sample


def answer(truth: str, found: str, confidence: float = 0.8) -> Answer:
    rest = (1 - confidence) / 7
    return Answer(Emotion(truth), {each: confidence if each == found else rest for each in Emotion})


FOUR = [answer("happy", "happy"), answer("happy", "sad"), answer("sad", "sad"), answer("sad", "sad")]


def test_it_counts_confusions() -> None:
    figures = emotion_figures(FOUR)
    assert figures["words"] == ["happy", "sad"]
    assert figures["confusion"] == {"happy": {"happy": 1, "sad": 1}, "sad": {"happy": 0, "sad": 2}}


def test_it_averages_over_classes_however_many_photographs_each_has() -> None:
    figures = emotion_figures([*FOUR, *[answer("sad", "sad")] * 96])
    assert figures["balanced_accuracy"] == pytest.approx(0.75)
    assert figures["accuracy"]["right"] == 99


def test_five_classes_are_judged_among_themselves() -> None:
    fearful = answer("calm", "fear", 0.5)
    fearful = Answer(Emotion.CALM, dict(fearful.scores) | {Emotion.CALM: 0.3})
    five = emotion_figures([*FOUR, fearful, answer("fear", "happy")])["five"]
    assert five["accuracy"]["count"] == 5
    assert five["balanced_accuracy"] == pytest.approx((1 / 2 + 1 + 1) / 3)


def test_sources_are_judged_apart() -> None:
    samples = [sample("happy", "happy", source="press"), sample("sad", "happy", source="film"), sample("sad", "sad")]
    sources = evaluate(samples, {})["sources"]
    assert {name: five["balanced_accuracy"] for name, five in sources.items()} == {"press": 1, "film": 0}


def test_macro_f1_is_the_mean_of_both_classes() -> None:
    assert emotion_figures(FOUR)["macro_f1"] == pytest.approx((2 / 3 + 4 / 5) / 2)


@pytest.mark.parametrize(
    ("right", "count", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_intervals_are_wilsons(right: int, count: int, low: float, high: float) -> None:
    assert wilson(right, count) == pytest.approx((low, high), abs=1e-4)


def test_nothing_seen_says_nothing() -> None:
    assert wilson(0, 0) == (0, 1)


def test_an_answer_outside_the_labels_words_is_told_and_the_next_word_judged() -> None:
    scores = dict.fromkeys(Emotion, 0.0) | {Emotion.CONFUSED: 0.5, Emotion.SAD: 0.3, Emotion.HAPPY: 0.2}
    figures = emotion_figures([Answer(Emotion.SAD, scores), answer("happy", "happy")])
    assert figures["answered_confused"] == 1
    assert figures["recall"]["sad"]["right"] == 1


def test_calibration_is_the_gap_between_confidence_and_truth() -> None:
    sure = [answer("happy", "happy", 1.0), answer("sad", "happy", 1.0)]
    calibration = emotion_figures(sure)["calibration"]
    assert calibration["expected_error"] == pytest.approx(0.5)
    assert [each["count"] for each in calibration["bins"]] == [2]


def test_fewer_and_better_answers_remain_when_doubtful_ones_are_kept_back() -> None:
    answers = [answer("happy", "happy", 0.95), answer("sad", "sad", 0.9), answer("sad", "happy", 0.3)]
    curve = {step["threshold"]: step for step in emotion_figures(answers)["abstention"]}
    assert (curve[0.0]["answered"], curve[0.0]["accuracy"]["right"]) == (1.0, 2)
    assert curve[0.8]["answered"] == pytest.approx(2 / 3)
    assert curve[0.8]["accuracy"]["share"] == 1


ABOUT = {"analyzer": "an analyzer", "source": "photographs", "cross_validated": False}


def rows(report: dict[str, Any], by: str) -> dict[str, Any]:
    return {row["group"]: row for row in report["groups"][by]}


def test_a_group_is_compared_on_the_emotions_that_it_shows() -> None:
    """All women are angry, which is hard for everybody: they are not called worse for it."""
    women = [sample("angry", read, gender="female") for read in ("angry", "sad") * 5]
    men = [sample("angry", read, gender="male") for read in ("angry", "sad") * 5]
    men += [sample("happy", "happy", gender="male") for _ in range(10)]
    report = evaluate([*women, *men], ABOUT)
    assert rows(report, "gender")["Female"]["difference"] == 0
    assert report["worse_groups"] == []


def test_a_group_that_is_read_worse_is_named() -> None:
    old = [sample("happy", "sad", age=80) for _ in range(8)]
    young = [sample("happy", "happy", age=20) for _ in range(12)]
    report = evaluate([*old, *young, sample("sad", "sad", age=20)], ABOUT)
    (named,) = report["worse_groups"]
    assert (named["by"], named["group"]) == ("age", "elder")
    assert named["difference"] == pytest.approx(-0.6)


def test_few_photographs_are_no_evidence() -> None:
    young = [sample("happy", "happy", age=20) for _ in range(12)]
    report = evaluate([sample("happy", "sad", age=80), sample("sad", "sad", age=20), *young], ABOUT)
    assert rows(report, "age")["elder"]["difference"] is None
    assert report["worse_groups"] == []


def test_groups_are_those_that_the_labels_say() -> None:
    report = evaluate([*(sample("happy", "happy", age=30) for _ in range(6)), sample("happy", "happy")], ABOUT)
    assert list(report["groups"]) == ["age"]
    assert [(row["group"], row["accuracy"]["count"]) for row in report["groups"]["age"]] == [("adult", 6)]


def test_it_counts_what_people_wear() -> None:
    yes, no = Attribute(value=True, confidence=0.9), Attribute(value=False, confidence=0.7)
    samples = [
        sample("happy", reading("happy", beard=message), attributes={"beard": true})
        for true, message in ((True, yes), (True, no), (False, no), (False, no))
    ]
    figures = attribute_figures(samples)
    assert list(figures) == ["beard"]
    beard = figures["beard"]
    assert (beard["found"]["right"], beard["found"]["count"]) == (1, 2)
    assert (beard["rightly_denied"]["right"], beard["rightly_denied"]["count"]) == (2, 2)
    assert beard["area_under_curve"] == 0.75


def test_photographs_labelled_for_what_they_seem_to_show_say_not_how_often_a_yes_is_right() -> None:
    yes = Attribute(value=True, confidence=0.9)
    samples = [
        sample("happy", reading("happy", beard=yes), attributes={"beard": true}, likely=likely)
        for true, likely in ((True, False), (False, False), (True, True), (True, True))
    ]
    beard = attribute_figures(samples)["beard"]
    assert (beard["precision"]["right"], beard["precision"]["count"]) == (1, 2)
    assert (beard["found"]["right"], beard["found"]["count"]) == (3, 3)


def test_it_counts_genders_apart() -> None:
    samples = [
        sample("happy", reading("happy", gender=message), gender=true)
        for true, message in (("female", Gender.MALE), ("female", Gender.FEMALE), ("male", Gender.MALE))
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


LIMITS = Limits(darkest=0.2, least_sharpness=0.3)
CLEAR, DARK, BOTH = Quality(brightness=0.5), Quality(brightness=0.1), Quality(brightness=0.1, sharpness=0.1)


def seen(label: str, read: str, quality: Quality | None) -> LabelledSample:
    return sample(label, reading(read, quality=quality))


def test_it_counts_who_is_refused_and_why_and_how_right_the_others_are() -> None:
    samples = [
        seen("happy", "happy", CLEAR),
        seen("sad", "sad", CLEAR),
        seen("sad", "happy", DARK),
        seen("calm", "calm", BOTH),
        sample("calm", None),
    ]
    quality = evaluate(samples, ABOUT, LIMITS)["quality"]
    assert (quality["refused"]["right"], quality["refused"]["count"]) == (2, 4)
    assert {fault: figure["right"] for fault, figure in quality["by"].items()} == {"dark": 2, "blurred": 1}
    assert {side: (each["right"], each["count"]) for side, each in quality["right"].items()} == {
        "all": (3, 4),
        "let_through": (2, 2),
        "refused": (1, 2),
    }
    assert quality["limits"] == {"least_sharpness": 0.3, "darkest": 0.2}


def test_its_table_names_the_faults() -> None:
    report = evaluate([seen("happy", "happy", DARK), seen("sad", "sad", CLEAR)], ABOUT, LIMITS)
    (table,) = [table for table in tables(report) if table.title == "Asked for a better look"]
    assert ["refused as dark", "1 of 2", "50%"] in [row[:3] for row in table.rows]


def test_an_analyzer_without_measures_has_no_quality_check() -> None:
    report = evaluate([seen("happy", "happy", None)], ABOUT, LIMITS)
    assert report["quality"] is None
    assert "Asked for a better look" not in [table.title for table in tables(report)]
