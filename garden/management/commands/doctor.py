"""Says what is wrong with a site, and what to do."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import autodiscover_modules

from garden.ops.doctor import Finding, Health, examine, subjects

MARKS = {Health.WELL: "  ok  ", Health.WARNING: " warn ", Health.FAILED: " FAIL "}


class Command(BaseCommand):
    help = (
        "Look at database, migrations, broker, workers, storage, face reading, engines, clock, disk, pages, secrets "
        "and settings, and say in words what is wrong and what to do. Nothing is changed; a file is written to the "
        "storage and deleted. Exit code 0: all is well, or nothing worse than warnings; 1: something fails (with "
        "--strict, a warning too)."
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
            raise CommandError(f"There is no subject {', '.join(unknown)}; there are {', '.join(subjects())}.")
        findings = []
        for finding in examine(subject):
            findings.append(finding)
            if not options["json"]:
                self._print(finding)
        if options["json"]:
            self.stdout.write(json.dumps({"findings": [f.as_json() for f in findings]}, ensure_ascii=False, indent=2))
        if _is_ill(findings, strict=options["strict"]):
            raise SystemExit(1)

    def _print(self, finding: Finding) -> None:
        style = {Health.WELL: self.style.SUCCESS, Health.WARNING: self.style.WARNING, Health.FAILED: self.style.ERROR}
        mark = style[finding.health](f"[{MARKS[finding.health]}]")
        self.stdout.write(f"{mark} {finding.subject:<12}{finding.words}")
        if finding.advice:
            self.stdout.write(f"{'':21}→ {finding.advice}")


def _is_ill(findings: Iterable[Finding], *, strict: bool) -> bool:
    bad = {Health.FAILED, Health.WARNING} if strict else {Health.FAILED}
    return any(finding.health in bad for finding in findings)
