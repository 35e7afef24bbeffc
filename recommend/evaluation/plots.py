"""An evaluation as pictures."""

from pathlib import Path

from recommend.evaluation.intervals import Estimate
from recommend.evaluation.report import Report

FORMATS = ("svg", "png")


def draw(report: Report, folder: Path) -> list[Path]:
    """Write the estimates as `estimates.svg` and `.png` into a folder, which is made; returns their paths."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = _rows(report)
    figure = Figure(figsize=(8, 1.2 + 0.4 * len(rows)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for place, (_, estimate, colour) in enumerate(rows):
        axes.plot([estimate.low, estimate.high], [place, place], color=colour, linewidth=2)
        axes.plot([estimate.value], [place], "o", color=colour)
    if report.baseline is not None:
        axes.axvline(report.baseline, color="0.6", linestyle=":")
    axes.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    axes.invert_yaxis()
    axes.set_xlabel(f"likes per slate of {report.method.slots}, {report.method.level:.0%} intervals")
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"estimates.{ending}" for ending in FORMATS]
    for path in paths:
        figure.savefig(path)
    return paths


def _rows(report: Report) -> list[tuple[str, Estimate, str]]:
    """Label, estimate and colour of each line, arms first."""
    arms = [(f"{arm.arm} ({arm.slates} slates)", arm.likes, "0.4") for arm in report.arms if arm.slates]
    targets = [
        (f"{target.name}, {name}", estimate, "tab:green")
        for target in report.targets
        for name, estimate in target.estimates.items()
    ]
    return [*arms, *targets]
