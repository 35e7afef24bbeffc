"""The part of the model card that an evaluation writes; the rest of the card is written by people."""

from collections.abc import Iterator

from garden.emotion.evaluation.page import labels_table, summary, worse_line
from garden.emotion.evaluation.tables import Report, Table, tables
from garden.errors import GardenError

BEGIN, END = "<!-- evaluation -->", "<!-- end of evaluation -->"


class CardError(GardenError):
    """The file has no place for the figures."""

    code = "model_card"


def with_figures(card: str, report: Report) -> str:
    """The card with everything between the two marks made anew. Raises CardError."""
    before, begin, rest = card.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise CardError(f"The card has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n{chr(10).join(_lines(report))}\n{END}{after}"


def _lines(report: Report) -> Iterator[str]:
    yield f"\n{summary(report)}\n"
    if report["worse_groups"]:
        yield "**Read more than ten points worse than everybody:**\n"
        yield from (f"- {worse_line(row)}" for row in report["worse_groups"])
        yield ""
    else:
        yield "No group is read more than ten points worse than everybody.\n"
    for table in [*tables(report), labels_table(report)]:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    yield f"### {table.title}\n"
    yield f"| {' | '.join(table.head)} |"
    yield "|---" * len(table.head) + "|"
    yield from (f"| {' | '.join(row)} |" for row in table.rows)
    yield ""
