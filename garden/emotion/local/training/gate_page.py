"""The figures of the gate as the tables of its page in the documentation."""

from collections.abc import Iterator, Mapping
from typing import Any

BEGIN, END = "<!-- gate -->", "<!-- end of gate -->"

UNITS = {
    "blurred": "standard deviation {} to {} eye distances",
    "shaken": "by {} to {} eye distances",
    "dark": "{} to {} times the light",
    "bright": "{} to {} times the light",
    "shrunk": "eyes {} to {} pixels apart",
    "turned": "{} to {} degrees",
    "nodded": "{} to {} degrees",
}


def with_figures(page: str, found: Mapping[str, Any]) -> str:
    """The page with everything between the marks made anew. Raises ValueError where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"The page has no {BEGIN} … {END}.")
    return f"{before}{BEGIN}\n\n{chr(10).join(_lines(found))}\n\n{END}{after}"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    plain = found["as_it_is"]
    refused = ", ".join(f"{name} {count}" for name, count in sorted(plain["by"].items())) or "none"
    yield (
        f"{found['photographs']} photographs of {found['people']} people, {found['date']}. Of the {plain['judged']} "
        f"that show one of the five trained emotions, as they are, {plain['refused']:.1%} are refused ({refused})."
    )
    yield "\n| limit | number |\n|---|---|"
    yield from (f"| `{name}` | {limit:g} |" for name, limit in found["limits"].items())
    yield "\n| photographs | no face found | refused | right, of all | of those let through | of those refused |"
    yield "|---|---|---|---|---|---|"
    yield _row(plain)
    yield from (_row(row) for row in found["ways"])


def _row(row: Mapping[str, Any]) -> str:
    unit = UNITS.get(row["way"], "").format(f"{row['from']:g}", f"{row['to']:g}")
    shares = [row["accuracy"], row["accuracy_let_through"], row["accuracy_refused"]]
    cells = [
        f"{row['way']}, {unit}" if unit else row["way"],
        f"{row['no_face'] / max(1, row['photographs']):.0%}",
        f"{row['refused']:.0%}",
        *("–" if share is None else f"{share:.0%}" for share in shares),
    ]
    return f"| {' | '.join(cells)} |"
