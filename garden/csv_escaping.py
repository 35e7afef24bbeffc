"""Cells that a spreadsheet takes for formulas, defused so that reading gives back what was written.

A spreadsheet runs a cell that begins with = + - @, a tab or a line end (their full-width twins too), whatever the
quotes of CSV (OWASP, "CSV Injection"). An apostrophe before it makes it text. A cell that begins with apostrophes
and such a sign gets one more, so that taking one away is always right; every other cell is left as it is.
"""

import re

_SIGNS = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(f"'*[{_SIGNS}]")
_DEFUSED = re.compile(f"'+[{_SIGNS}]")


def defuse(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(cell: str) -> str:
    """`restore(defuse(text)) == text` for every text."""
    return cell[1:] if _DEFUSED.match(cell) else cell
