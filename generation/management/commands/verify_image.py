"""Say what pictures say of themselves, and whether their signature holds."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cryptography.x509 import load_pem_x509_certificates
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from garden.errors import MisconfiguredError
from garden.souvenirs.provenance import ProvenanceFinding, examine
from generation.signing import site_anchors


class Command(BaseCommand):
    help = (
        "Print author, method and time of pictures. Exit code 0 when every signature is valid and this site's, else 1."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pictures", nargs="+", metavar="PATH_OR_KEY", help="a file, or the key of a stored picture")
        parser.add_argument("--trust", type=Path, metavar="PEM", help="also trust these certificate authorities")
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            anchors = site_anchors() + (_authorities(options["trust"]) if options["trust"] else "")
        except MisconfiguredError as error:
            raise CommandError(error.detail) from error
        findings = {name: examine(_read(name), anchors) for name in options["pictures"]}
        self.stdout.write(_as_json(findings) if options["json"] else _as_text(findings))
        if not all(finding.holds for finding in findings.values()):
            sys.exit(1)


def _authorities(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
        load_pem_x509_certificates(text.encode())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} holds no certificates: {error}") from error
    return text


def _read(name: str) -> bytes:
    path = Path(name)
    try:
        if path.is_file():
            return path.read_bytes()
        with default_storage.open(name) as file:
            return bytes(file.read())
    except (OSError, SuspiciousFileOperation) as error:
        raise CommandError(f"{name} is neither a file nor the key of a stored picture.") from error


def _as_json(findings: dict[str, ProvenanceFinding]) -> str:
    rows = [{"picture": name, "holds": finding.holds, **asdict(finding)} for name, finding in findings.items()]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def _as_text(findings: dict[str, ProvenanceFinding]) -> str:
    return "\n\n".join("\n".join(_lines(name, finding)) for name, finding in findings.items())


def _lines(name: str, finding: ProvenanceFinding) -> Iterable[str]:
    yield name
    rows = (
        ("signature", finding.signature),
        ("signed by", finding.signer),
        ("made by", f"{finding.engine} {finding.model}".strip()),
        ("made at", finding.made_at),
        ("source", finding.source_type.rpartition("/")[2]),
        ("caption", finding.caption),
        *(("problem", problem) for problem in finding.problems),
    )
    yield from (f"  {label:<10} {value}" for label, value in rows if value)
