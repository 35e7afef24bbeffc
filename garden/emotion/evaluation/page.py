"""An evaluation as one HTML file that needs nothing else: no script, no font, no picture."""

from collections.abc import Iterator
from html import escape

from garden.emotion.evaluation import charts
from garden.emotion.evaluation.tables import Report, Table, tables

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
table{border-collapse:collapse;margin:.5rem 0 2rem}
th,td{padding:.25rem .75rem;text-align:left;border-bottom:1px solid #ccc}
td+td,th+th{text-align:right}svg{max-width:100%;height:auto;font:12px system-ui,sans-serif}
.charts{display:flex;flex-wrap:wrap;gap:2rem}.worse{border-left:4px solid #b00020;padding-left:1rem}
figure{margin:0}
"""


def page(report: Report) -> str:
    """The whole document."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>How faces are read</title><style>{STYLE}</style></head>'
        f"<body><main>{''.join(_body(report))}</main></body></html>\n"
    )


def _body(report: Report) -> Iterator[str]:
    yield f"<h1>How faces are read</h1><p>{escape(summary(report))}</p>"
    yield _worse(report)
    emotions = report["emotions"]
    if emotions:
        yield f"<h2>Confusions</h2><figure>{charts.confusion(emotions['words'], emotions['confusion'])}</figure>"
        yield '<h2>Confidence</h2><div class="charts">'
        yield f"<figure>{charts.reliability(emotions['calibration']['bins'])}</figure>"
        yield f"<figure>{charts.abstention(emotions['abstention'])}</figure></div>"
    for table in [*tables(report), labels_table(report), time_table(report)]:
        yield _table(table)


def summary(report: Report) -> str:
    counts = report["photographs"]
    how = "readings of people that training did not see" if report["cross_validated"] else "readings as the kiosk gives"
    return (
        f"{report['analyzer']} on {report['source']}, {report['date']}: {how}. {counts['read']} of "
        f"{counts['labelled']} photographs of {counts['people']} people were read; on {counts['no_face']} no face was "
        f"found, {counts['unreadable']} could not be opened. {counts['most_of_one_person']} are of one person."
    )


def _worse(report: Report) -> str:
    if not report["worse_groups"]:
        return "<p>No group is read more than ten points worse than everybody.</p>" if report["groups"] else ""
    lines = "".join(f"<li>{escape(worse_line(row))}</li>" for row in report["worse_groups"])
    return f'<div class="worse"><p>Read more than ten points worse than everybody:</p><ul>{lines}</ul></div>'


def worse_line(row: Report) -> str:
    return (
        f"{row['by'].replace('_', ' ')}: {row['group']}, {abs(row['difference']) * 100:.0f} points below "
        f"({row['accuracy']['count']} photographs; emotions {', '.join(row['emotions'])})"
    )


def labels_table(report: Report) -> Table:
    rows = [
        [each["label"], each["taken_for"] or "left out", str(each["photographs"]), str(each["people"])]
        for each in report["labels"]
    ]
    return Table("Labels", ["label", "taken for", "photographs", "people"], rows)


def time_table(report: Report) -> Table:
    took = report["time"]
    rows = [[f"{took['p50_ms']:.0f} ms", f"{took['p95_ms']:.0f} ms", f"{took['photographs_per_second']:.1f}"]]
    return Table("Time", ["half within", "95 % within", "photographs a second"], rows)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
