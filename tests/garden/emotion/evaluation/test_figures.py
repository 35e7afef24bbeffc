"""The figures of a classifier, against ones worked out by hand."""

import pytest

from garden.emotion.evaluation.figures import Answer, emotion_figures, wilson
from garden.vocabulary import Emotion


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
    assert figures["balanced_accuracy_without"]["happy"] == 1
    assert figures["accuracy"]["right"] == 99


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
    assert [each["count"] for each in calibration["bins"]] == [0] * 9 + [2]


def test_fewer_and_better_answers_remain_when_doubtful_ones_are_kept_back() -> None:
    answers = [answer("happy", "happy", 0.95), answer("sad", "sad", 0.9), answer("sad", "happy", 0.3)]
    curve = {step["threshold"]: step for step in emotion_figures(answers)["abstention"]}
    assert (curve[0.0]["answered"], curve[0.0]["accuracy"]["right"]) == (1.0, 2)
    assert curve[0.8]["answered"] == pytest.approx(2 / 3)
    assert curve[0.8]["accuracy"]["share"] == 1
