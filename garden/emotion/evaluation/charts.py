"""Drawings of an evaluation as SVG, readable without colours and by a screen reader."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

SIDE, EDGE = 320, 60
CELL, NAME = 68, 96


def confusion(words: Sequence[str], table: Mapping[str, Mapping[str, int]]) -> str:
    """True words down, read words across; a cell is as dark as the part of its row."""
    size = NAME + CELL * len(words)
    cells = [
        _cell(table[true], true, read, NAME + CELL * column, CELL * row + 28)
        for row, true in enumerate(words)
        for column, read in enumerate(words)
    ]
    down = [_text(NAME - 8, 28 + CELL * row + CELL / 2 + 4, word, "end") for row, word in enumerate(words)]
    across = [_text(NAME + CELL * (column + 0.5), 18, word, "middle") for column, word in enumerate(words)]
    return _svg(
        size, size - NAME + 32, "Confusion matrix: true emotion down, read emotion across", [*cells, *down, *across]
    )


def _cell(row: Mapping[str, int], true: str, read: str, x: float, y: float) -> str:
    part = row[read] / max(1, sum(row.values()))
    ink = "#fff" if part > 0.8 else "#111"
    title = f"{true} read as {read}: {row[read]} ({part:.0%})"
    return (
        f'<g><title>{escape(title)}</title><rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" rx="4" '
        f'fill="#1b5e40" fill-opacity="{0.05 + 0.95 * part:.2f}"/>'
        f'<text x="{x + CELL / 2 - 1}" y="{y + CELL / 2 + 4}" text-anchor="middle" fill="{ink}">{row[read]}</text></g>'
    )


def reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """How often answers of some confidence are right, with 95 % intervals; on the dashed line they are honest."""
    marks = [_point(each["confidence"], each["accuracy"], each) for each in bins if each["count"]]
    dashed = f'<line {_line(0, 0, 1, 1)} stroke="#666" stroke-dasharray="5 5"/>'
    return _svg(
        SIDE,
        SIDE,
        "Reliability: confidence across, how often right up",
        [*_axes("confidence", "right"), dashed, *marks],
    )


def _point(x: float, y: float, each: Mapping[str, Any]) -> str:
    title = f"{each['count']} answers, confidence {x:.0%}, right {y:.0%} ({each['low']:.0%}–{each['high']:.0%})"
    return (
        f'<g><title>{escape(title)}</title><line {_line(x, each["low"], x, each["high"])} stroke="#1b5e40"/>'
        f'<circle cx="{_x(x):.1f}" cy="{_y(y):.1f}" r="{3 + min(6, each["count"] ** 0.5 / 3):.1f}" fill="#1b5e40"/></g>'
    )


def abstention(curve: Sequence[Mapping[str, Any]]) -> str:
    """How right the answers are (up) when only so many of the photographs are answered (across)."""
    points = [
        (step["answered"], step["accuracy"]["share"], step["threshold"]) for step in curve if step["answered"] > 0
    ]
    path = " ".join(f"{_x(answered):.1f},{_y(right):.1f}" for answered, right, _ in points)
    dots = [
        f"<g><title>{escape(f'from {threshold:.0%} confidence: {answered:.0%} answered, {right:.0%} right')}</title>"
        f'<circle cx="{_x(answered):.1f}" cy="{_y(right):.1f}" r="4" fill="#1b5e40"/></g>'
        for answered, right, threshold in points
    ]
    line = f'<polyline points="{path}" fill="none" stroke="#1b5e40" stroke-width="2"/>'
    return _svg(
        SIDE,
        SIDE,
        "Abstention: photographs answered across, how often right up",
        [*_axes("answered", "right"), line, *dots],
    )


def _axes(across: str, up: str) -> list[str]:
    steps = (0, 0.25, 0.5, 0.75, 1)
    return [
        f'<path d="M{EDGE} 8V{SIDE - EDGE}H{SIDE - 8}" fill="none" stroke="#333"/>',
        *(_text(_x(step), SIDE - EDGE + 16, f"{step:.0%}", "middle") for step in steps),
        *(_text(EDGE - 6, _y(step) + 4, f"{step:.0%}", "end") for step in steps),
        _text(_x(0.5), SIDE - 8, across, "middle"),
        f'<text transform="translate(12 {_y(0.5)}) rotate(-90)" text-anchor="middle">{up}</text>',
    ]


def _line(x: float, y: float, x2: float, y2: float) -> str:
    return f'x1="{_x(x):.1f}" y1="{_y(y):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}"'


def _x(share: float) -> float:
    return EDGE + share * (SIDE - EDGE - 16)


def _y(share: float) -> float:
    return SIDE - EDGE - share * (SIDE - EDGE - 16)


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(width: float, height: float, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )
