"""The report at a terminal and on the model card."""

from typing import Any

import pytest

from garden.faces.evaluation.figures import evaluate
from garden.faces.evaluation.report import BEGIN, END, CardError, as_markdown, with_figures
from tests.garden.faces.evaluation.samples import sample


@pytest.fixture
def report() -> dict[str, Any]:
    samples = [sample("happy", "happy", age=20) for _ in range(6)] + [sample("sad", "happy", age=70) for _ in range(6)]
    samples += [sample("sad", "sad", age=20) for _ in range(6)] + [sample("contempt", "angry"), sample("sad", None)]
    about = {"analyzer": "<b>an analyzer</b>", "source": "faces", "cross_validated": True}
    return evaluate(samples, about)


def test_the_report_names_whom_the_analyzer_serves_worse_and_what_was_left_out(report: dict[str, Any]) -> None:
    lines = [" ".join(line.split()) for line in as_markdown(report).splitlines()]
    assert any("age: elder, 50 points below" in line for line in lines)
    assert "| contempt | left out | 1 | 1 |" in lines
    assert "on 1 no face was found" in lines[0]


def test_the_card_keeps_what_people_wrote(report: dict[str, Any]) -> None:
    card = with_figures(f"# Card\n\n{BEGIN}\nold figures\n{END}\n\nLimits.\n", report)
    assert card.startswith("# Card\n")
    assert card.endswith("\n\nLimits.\n")
    assert "old figures" not in card
    assert "age: elder, 50 points below" in card
    assert "| happy | 6 | 100% | 61%–100% |" in " ".join(card.split())
    assert with_figures(card, report) == card


def test_a_card_without_a_place_for_figures_is_left_alone(report: dict[str, Any]) -> None:
    with pytest.raises(CardError):
        with_figures("# Card\n", report)


def test_the_tables_have_confusions_and_calibration(report: dict[str, Any]) -> None:
    lines = [" ".join(line.split()) for line in as_markdown(report).splitlines()]
    confusion = lines.index("### Confusion (labelled down, read across)")
    assert [lines[confusion + row] for row in (2, 4, 5)] == [
        "| | happy | sad |",
        "| happy | 6 | 0 |",
        "| sad | 6 | 6 |",
    ]
    assert "| 90% | 18 | 67% | 44%–84% | 97% |" in lines
