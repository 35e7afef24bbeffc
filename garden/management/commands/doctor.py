"""Says what is wrong with a site, and what to do."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from garden.ops.doctor import Finding, Health, examine, subjects

MARKS = {Health.WELL: "  ok  ", Health.WARNING: " warn ", Health.FAILED: " FAIL "}


class Command(BaseCommand):
    help = (
        "Check database, migrations, broker, workers, storage, face analysis, engines, clock, disk, pages, secrets and "
        "settings, and print each problem with its remedy. Nothing is changed; a file is written to the storage and "
        "deleted. Exit code 0: no problem, or only warnings; 1: a check fails (with --strict, also with a warning)."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        autodiscover_modules("doctor")
        parser.add_argument("subject", nargs="*", help=f"only these: {', '.join(subjects())}")
        parser.add_argument("--json", action="store_true", help="the findings as JSON")
        parser.add_argument("--strict", action="store_true", help="a warning counts as a failure")

    def handle(self, *args: Any, subject: list[str], **options: Any) -> None:
        unknown = sorted(set(subject) - set(subjects()))
        if unknown:
            raise CommandError(f"Unknown subject {', '.join(unknown)}; known are {', '.join(subjects())}.")
        findings = []
        for finding in examine(subject):
            findings.append(finding)
            if not options["json"]:
                self._print(finding)
        if options["json"]:
            self.stdout.write(
                json.dumps({"findings": [asdict(finding) for finding in findings]}, ensure_ascii=False, indent=2)
            )
        bad = {Health.FAILED, Health.WARNING} if options["strict"] else {Health.FAILED}
        if any(finding.health in bad for finding in findings):
            raise SystemExit(1)

    def _print(self, finding: Finding) -> None:
        style = {Health.WELL: self.style.SUCCESS, Health.WARNING: self.style.WARNING, Health.FAILED: self.style.ERROR}
        mark = style[finding.health](f"[{MARKS[finding.health]}]")
        self.stdout.write(f"{mark} {finding.subject:<12}{finding.words}")
        if finding.advice:
            self.stdout.write(f"{'':21}→ {finding.advice}")
