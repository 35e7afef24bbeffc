"""The tables of an evaluation, once, for both the report and the model card."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are cells of plain text."""

    title: str
    head: list[str]
    rows: list[list[str]]


def tables(report: Report) -> Iterator[Table]:
    emotions = report["emotions"]
    if emotions:
        yield Table("Emotions", ["", "figure"], list(_overall(emotions)))
        yield Table("Recall", ["emotion", "photographs", "recalled", "95 %"], list(_recalls(emotions)))
        yield Table("Answered only when sure", ["from confidence", "answered", "right"], list(_abstention(emotions)))
    for by, table in report["groups"].items():
        title = f"By {by.replace('_', ' ')} (from {table['from']})"
        head = ["group", "photographs", "right", "95 %", "mean recall", "against everybody"]
        yield Table(title, head, [_group(row) for row in table["rows"]])
    if report["attributes"]:
        head = ["attribute", "labelled", "right", "95 %", "found", "rightly denied", "area under curve"]
        rows = [_attribute(name, figures) for name, figures in report["attributes"].items()]
        yield Table("Attributes", head, rows)
    if report["gender"]:
        rows = [[name, str(f["count"]), percent(f["share"]), interval(f)] for name, f in report["gender"].items()]
        yield Table("Gender", ["labelled", "photographs", "read so", "95 %"], rows)
    if report["age"]:
        yield Table("Age", ["", "figure"], list(_age(report["age"])))
    if gate := report.get("gate"):
        yield Table("Asked for a better look", ["photographs", "count", "share", "95 %"], list(_gate(gate)))


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def interval(figure: Mapping[str, Any]) -> str:
    return f"{figure['low']:.0%}–{figure['high']:.0%}"


def _overall(emotions: Mapping[str, Any]) -> Iterator[list[str]]:
    yield [f"balanced accuracy, {len(emotions['words'])} classes", f"{emotions['balanced_accuracy']:.3f}"]
    for word, score in emotions["balanced_accuracy_without"].items():
        if word in ("fear", "disgusted"):
            yield [f"the same without {word}'s recall", f"{score:.3f}"]
    yield ["macro F1", f"{emotions['macro_f1']:.3f}"]
    accuracy = emotions["accuracy"]
    yield ["right", f"{percent(accuracy['share'])} ({interval(accuracy)})"]
    yield ["expected calibration error", f"{emotions['calibration']['expected_error']:.3f}"]
    yield ["answered a word that no label knows", str(emotions["answered_confused"])]


def _recalls(emotions: Mapping[str, Any]) -> Iterator[list[str]]:
    for word, figure in emotions["recall"].items():
        yield [word, str(figure["count"]), percent(figure["share"]), interval(figure)]


def _abstention(emotions: Mapping[str, Any]) -> Iterator[list[str]]:
    for step in emotions["abstention"]:
        right = step["accuracy"]
        yield [percent(step["threshold"]), percent(step["answered"]), f"{percent(right['share'])} ({interval(right)})"]


def _group(row: Mapping[str, Any]) -> list[str]:
    difference = row["difference"]
    against = "too few" if difference is None else f"{difference * 100:+.0f} points"
    right = row["accuracy"]
    return [
        row["group"],
        str(right["count"]),
        percent(right["share"]),
        interval(right),
        percent(row["mean_recall"]),
        against,
    ]


def _attribute(name: str, figures: Mapping[str, Any]) -> list[str]:
    right, area = figures["accuracy"], figures["area_under_curve"]
    return [
        name.replace("_", " "),
        str(right["count"]),
        percent(right["share"]),
        interval(right),
        f"{figures['found']['right']} of {figures['found']['count']}",
        f"{figures['rightly_denied']['right']} of {figures['rightly_denied']['count']}",
        "–" if area is None else f"{area:.3f}",
    ]


def _age(age: Mapping[str, Any]) -> Iterator[list[str]]:
    held = age["held"]
    yield ["photographs of known age", str(held["count"])]
    yield ["the range holds the age", f"{percent(held['share'])} ({interval(held)}), wanted {percent(age['wanted'])}"]
    yield ["width of the range, years on average", f"{age['mean_width']:.1f}"]
    yield ["error of its middle, years on average", f"{age['mean_error']:.1f}"]


def _gate(gate: Mapping[str, Any]) -> Iterator[list[str]]:
    """Who is refused, for which faults, of which skin, and how right the readings are on both sides of the gate."""
    yield _gate_row("refused", gate["refused"])
    for fault, figure in gate["by"].items():
        yield _gate_row(f"refused as {fault}", figure)
    for row in gate["skin_tone"]:
        yield _gate_row(f"refused, skin tone {row['group']}", row["refused"])
    for side, figure in gate["right"].items():
        if figure:
            yield _gate_row(f"right, {side.replace('_', ' ')}", figure)


def _gate_row(name: str, figure: Mapping[str, Any]) -> list[str]:
    return [name, f"{figure['right']} of {figure['count']}", percent(figure["share"]), interval(figure)]
