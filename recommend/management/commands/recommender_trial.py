"""Start, show and stop the trial of a challenger."""

import getpass
import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from garden.errors import GardenError
from recommend.evaluation.experiments import ArmResult, TrialVerdict, judge, start_trial, stop_trial
from recommend.evaluation.report import finite
from recommend.models import Trial


class Command(BaseCommand):
    help = (
        "The trial of the challenger in the settings (RECOMMENDER_CHALLENGER): start it, stop it, or show its state. "
        "Exit code 1: refused, or nothing to show."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", nargs="?", choices=("show", "start", "stop"), default="show")
        parser.add_argument("--by", default="", help="who starts or stops it; default: the operating system's user")
        parser.add_argument("--share", type=float, default=0.1, help="share of visitors that it serves; default: 0.1")
        parser.add_argument("--because", default="", help="reason for stopping")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, action: str, by: str, because: str, share: float, **options: Any) -> None:
        who = by or getpass.getuser()
        if action == "stop" and not because:
            raise CommandError("Give a reason: --because '…'.")
        try:
            trial = _act(action, who, because, share)
        except GardenError as error:
            raise CommandError(error.detail) from error
        verdict = judge(trial)
        self.stdout.write(_as_json(trial, verdict) if options["json"] else "\n".join(_lines(trial, verdict)))


def _act(action: str, by: str, because: str, share: float) -> Trial:
    if action == "start":
        return start_trial(by=by, share=share)
    if action == "stop":
        return stop_trial(by=by, because=because)
    trial = Trial.objects.order_by("-started_at").first()
    if trial is None:
        raise CommandError("There is no trial yet; start one with recommender_trial start.")
    return trial


def _as_json(trial: Trial, verdict: TrialVerdict) -> str:
    document = finite({"trial": _fields(trial), **asdict(verdict)})
    return json.dumps(document, indent=2, ensure_ascii=False, default=str)


def _fields(trial: Trial) -> dict[str, Any]:
    fields = ("champion", "challenger", "share", "started_at", "started_by")
    ending = ("stopped_at", "stopped_by", "stopped_because")
    return {name: getattr(trial, name) for name in (*fields, *ending)}


def _lines(trial: Trial, verdict: TrialVerdict) -> list[str]:
    return [
        f"Started {trial.started_at:%Y-%m-%d %H:%M} by {trial.started_by}, {_ending(trial)}",
        _line("champion", verdict.champion),
        _line("challenger", verdict.challenger),
        f"difference {verdict.difference.value:+.3f}, at any time within "
        f"[{verdict.difference.low:+.3f}, {verdict.difference.high:+.3f}]",
        *([f"Should be stopped: {verdict.stop_because}"] if verdict.stop_because and not trial.stopped_at else []),
    ]


def _ending(trial: Trial) -> str:
    if trial.stopped_at is None:
        return "running"
    return f"stopped {trial.stopped_at:%Y-%m-%d %H:%M} by {trial.stopped_by}: {trial.stopped_because}"


def _line(name: str, arm: ArmResult) -> str:
    return (
        f"{name:<10} {arm.value:.3f} likes per slate, {arm.slates} slates, {arm.people} visitors, {arm.failed} failed"
    )
