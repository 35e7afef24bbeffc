"""What an evaluation says of the quality gate."""

from garden.emotion.evaluation.evaluation import evaluate
from garden.emotion.evaluation.samples import Sample
from garden.emotion.evaluation.tables import tables
from garden.emotion.quality import Limits, Quality
from tests.garden.emotion.evaluation.samples import reading, sample

LIMITS = Limits(darkest=0.2, least_sharpness=0.3)
CLEAR, DARK, BOTH = Quality(brightness=0.5), Quality(brightness=0.1), Quality(brightness=0.1, sharpness=0.1)


def seen(label: str, read: str, quality: Quality | None, tone: float | None = None) -> Sample:
    return sample(label, reading(read, quality=quality), tone=tone)


def test_it_counts_who_is_refused_and_why_and_how_right_the_others_are() -> None:
    samples = [
        seen("happy", "happy", CLEAR, 60),
        seen("sad", "sad", CLEAR, -50),
        seen("sad", "happy", DARK, -50),
        seen("calm", "calm", BOTH, 60),
        sample("calm", None),
    ]
    gate = evaluate(samples, {"cross_validated": False}, LIMITS)["gate"]
    assert (gate["refused"]["right"], gate["refused"]["count"]) == (2, 4)
    assert {fault: figure["right"] for fault, figure in gate["by"].items()} == {"dark": 2, "blurred": 1}
    assert {side: (each["right"], each["count"]) for side, each in gate["right"].items()} == {
        "all": (3, 4),
        "let_through": (2, 2),
        "refused": (1, 2),
    }
    assert [(row["group"], row["refused"]["right"]) for row in gate["skin_tone"]] == [("very light", 1), ("dark", 1)]
    assert gate["limits"] == {"least_sharpness": 0.3, "darkest": 0.2}


def test_its_table_names_the_faults() -> None:
    report = evaluate([seen("happy", "happy", DARK), seen("sad", "sad", CLEAR)], {"cross_validated": False}, LIMITS)
    (table,) = [table for table in tables(report) if table.title == "Asked for a better look"]
    assert ["refused as dark", "1 of 2", "50%"] in [row[:3] for row in table.rows]


def test_an_analyzer_without_measures_has_no_gate() -> None:
    report = evaluate([seen("happy", "happy", None)], {"cross_validated": False}, LIMITS)
    assert report["gate"] is None
    assert "Asked for a better look" not in [table.title for table in tables(report)]
