"""An evaluation as Markdown: at a terminal and on the model card; and its part for the kiosk's page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from garden.errors import GardenError

BEGIN, END = "<!-- evaluation -->", "<!-- end of evaluation -->"
Report = Mapping[str, Any]


class CardError(GardenError):
    """The file has no place for the figures."""

    code = "model_card"


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` are cells of plain text."""

    title: str
    head: list[str]
    rows: list[list[str]]

    def as_markdown(self) -> str:
        """With cells padded to equal width, so that it also reads well at a terminal."""
        widths = [max(3, *map(len, column)) for column in zip(self.head, *self.rows, strict=True)]
        lines = [self.head, ["-" * width for width in widths], *self.rows]
        padded = (" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
        return "\n".join([f"### {self.title}\n", *(f"| {line} |" for line in padded), ""])


def as_markdown(report: Report) -> str:
    tables_as_text = (table.as_markdown() for table in tables(report))
    return "\n".join([f"{summary(report)}\n", *own_lines(report), *worse_lines(report), "", *tables_as_text])


def with_figures(card: str, report: Report) -> str:
    """The model card with everything between the two marks generated again; the rest is written by hand. Raises
    CardError."""
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise CardError(f"The card has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n\n{as_markdown(report)}\n{END}{after}"


def for_visitors(report: Report) -> dict[str, Any]:
    """What the kiosk's page about reading faces shows of it."""
    emotions, quality = report["emotions"], report["quality"]
    return {
        "analyzer": report["analyzer"],
        "source": report["source"],
        "photographs": report["photographs"],
        "emotions": emotions and {name: emotions[name] for name in ("accuracy", "recall")},
        "worse_groups": report["worse_groups"],
        "quality": quality and {"refused": quality["refused"]},
    }


def summary(report: Report) -> str:
    counts = report["photographs"]
    how = "readings of people that training did not see" if report["cross_validated"] else "readings as the kiosk gives"
    return (
        f"{report['analyzer']} on {report['source']}, {report['date']}: {how}. {counts['read']} of "
        f"{counts['labelled']} photographs of {counts['people']} people were read; on {counts['no_face']} no face was "
        f"found, {counts['unreadable']} could not be opened. {counts['most_of_one_person']} are of one person."
    )


def own_lines(report: Report) -> Iterator[str]:
    """Whether a site's own network helped."""
    own = report.get("own_network")
    if own and own["without"]:
        before, after = (five["balanced_accuracy"] for five in (own["without"], report["emotions"]["five"]))
        helped = "helped" if after > before else "did not help"
        figures = f"balanced accuracy of five emotions {before:.3f} without it, {after:.3f} with it"
        yield f"The site's own network {own['name']} ({own['licence']}) {helped}: {figures}.\n"


def worse_lines(report: Report) -> Iterator[str]:
    if not report["groups"]:
        return
    if not report["worse_groups"]:
        yield "No group is read more than ten points worse than everybody."
    for row in report["worse_groups"]:
        yield (
            f"- Read more than ten points worse than everybody: {row['by']}: {row['group']}, "
            f"{abs(row['difference']) * 100:.0f} points below ({row['accuracy']['count']} photographs; emotions "
            f"{', '.join(row['emotions'])})"
        )


def tables(report: Report) -> Iterator[Table]:
    if emotions := report["emotions"]:
        yield from _emotions(emotions)
    if report["sources"]:
        head = ["source", "photographs", "right", "95 %", "balanced accuracy", "calibration error"]
        rows = [_source(name, each) for name, each in report["sources"].items()]
        yield Table("By source, five classes", head, rows)
    for by, rows in report["groups"].items():
        head = ["group", "photographs", "right", "95 %", "mean recall", "against everybody"]
        yield Table(f"By {by}", head, [_group(row) for row in rows])
    if report["attributes"]:
        head = ["attribute", "labelled", "right", "95 %", *ATTRIBUTE_PARTS.values(), "area under curve"]
        yield Table("Attributes", head, [_attribute(name, each) for name, each in report["attributes"].items()])
    if report["gender"]:
        yield Table("Gender", ["labelled", "photographs", "read so", "95 %"], list(_shares(report["gender"])))
    if report["age"]:
        yield Table("Age", ["", "figure"], list(_age(report["age"])))
    if report["quality"]:
        head = ["photographs", "count", "share", "95 %"]
        yield Table("Asked for a better look", head, list(_quality(report["quality"])))
    yield Table("Labels", ["label", "taken for", "photographs", "people"], [_label(each) for each in report["labels"]])
    took = report["time"]
    row = [f"{took['p50_ms']:.0f} ms", f"{took['p95_ms']:.0f} ms", f"{took['photographs_per_second']:.1f}"]
    yield Table("Time", ["half within", "95 % within", "photographs a second"], [row])


def _emotions(emotions: Mapping[str, Any]) -> Iterator[Table]:
    yield Table("Emotions", ["", "figure"], list(_overall(emotions)))
    yield Table("Recall", ["emotion", "photographs", "recalled", "95 %"], list(_shares(emotions["recall"])))
    words = emotions["words"]
    rows = [[word, *(str(emotions["confusion"][word][read]) for read in words)] for word in words]
    yield Table("Confusion (labelled down, read across)", ["", *words], rows)
    bins = emotions["calibration"]["bins"]
    cells = _shares({percent(each["from"]): each for each in bins})
    rows = [[*row, percent(each["confidence"])] for row, each in zip(cells, bins, strict=True)]
    yield Table("Calibration", ["from confidence", "photographs", "right", "95 %", "mean confidence"], rows)
    rows = [
        [percent(step["threshold"]), percent(step["answered"]), _with_interval(step["accuracy"])]
        for step in emotions["abstention"]
    ]
    yield Table("Answered only when sure", ["from confidence", "answered", "right"], rows)


def _label(each: Mapping[str, Any]) -> list[str]:
    return [each["label"], each["taken_for"] or "left out", str(each["photographs"]), str(each["people"])]


def _overall(emotions: Mapping[str, Any]) -> Iterator[list[str]]:
    if five := emotions["five"]:
        yield ["balanced accuracy: happy, surprised, calm, angry, sad", f"{five['balanced_accuracy']:.3f}"]
        yield ["expected calibration error of these", f"{five['expected_error']:.3f}"]
    yield [f"balanced accuracy, {len(emotions['words'])} classes", f"{emotions['balanced_accuracy']:.3f}"]
    yield ["macro F1", f"{emotions['macro_f1']:.3f}"]
    yield ["right", _with_interval(emotions["accuracy"])]
    yield ["expected calibration error", f"{emotions['calibration']['expected_error']:.3f}"]
    yield ["answered a word that no label knows", str(emotions["answered_confused"])]


def _shares(figures: Mapping[str, Any]) -> Iterator[list[str]]:
    for name, figure in figures.items():
        yield [name, str(figure["count"]), percent(figure["share"]), interval(figure)]


def _source(name: str, five: Mapping[str, Any]) -> list[str]:
    (cells,) = _shares({name: five["accuracy"]})
    return [*cells, f"{five['balanced_accuracy']:.3f}", f"{five['expected_error']:.3f}"]


def _group(row: Mapping[str, Any]) -> list[str]:
    right, difference = row["accuracy"], row["difference"]
    against = "too few" if difference is None else f"{difference * 100:+.0f} points"
    (cells,) = _shares({row["group"]: right})
    return [*cells, percent(row["mean_recall"]), against]


ATTRIBUTE_PARTS = {"found": "found", "precision": "a yes is right", "rightly_denied": "rightly denied"}


def _attribute(name: str, figures: Mapping[str, Any]) -> list[str]:
    (cells,) = _shares({name.replace("_", " "): figures["accuracy"]})
    parts = [f"{figures[part]['right']} of {figures[part]['count']}" for part in ATTRIBUTE_PARTS]
    area = figures["area_under_curve"]
    return [*cells, *parts, "–" if area is None else f"{area:.3f}"]


def _age(age: Mapping[str, Any]) -> Iterator[list[str]]:
    yield ["photographs of known age", str(age["held"]["count"])]
    yield ["the range holds the age", f"{_with_interval(age['held'])}, wanted {percent(age['wanted'])}"]
    yield ["width of the range, years on average", f"{age['mean_width']:.1f}"]
    yield ["error of its middle, years on average", f"{age['mean_error']:.1f}"]


def _quality(quality: Mapping[str, Any]) -> Iterator[list[str]]:
    """Who is refused, for which faults, and how right the readings are on both sides."""
    figures = {"refused": quality["refused"]}
    figures |= {f"refused as {fault}": figure for fault, figure in quality["by"].items()}
    figures |= {f"right, {side.replace('_', ' ')}": figure for side, figure in quality["right"].items() if figure}
    for name, figure in figures.items():
        yield [name, f"{figure['right']} of {figure['count']}", percent(figure["share"]), interval(figure)]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def interval(figure: Mapping[str, Any]) -> str:
    return f"{figure['low']:.0%}–{figure['high']:.0%}"


def _with_interval(figure: Mapping[str, Any]) -> str:
    return f"{percent(figure['share'])} ({interval(figure)})"
