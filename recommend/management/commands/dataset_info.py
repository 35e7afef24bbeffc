"""Say what the datasets hold, and what Personalize would still refuse."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from recommend.datasets.facts import Facts, gather_facts


class Command(BaseCommand):
    help = (
        "Count users, items and interactions, by emotion and over time, and say what Amazon Personalize would refuse "
        "or leave out, and why."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        facts = gather_facts()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(facts), indent=2, default=str, ensure_ascii=False))
        else:
            self.stdout.write("\n".join(_lines(facts)))


def _lines(facts: Facts) -> Iterator[str]:
    yield f"users {facts.users:,} ({facts.active_users:,} with two interactions or more)"
    yield f"items {facts.items:,}"
    yield f"interactions {facts.interactions:,}"
    if facts.first and facts.last:
        yield f"from {facts.first:%Y-%m-%d %H:%M} to {facts.last:%Y-%m-%d %H:%M} (UTC)"
    yield ""
    yield f"{'emotion':<12}{'pictures':>10}{'shown':>10}{'liked':>10}{'likes':>10}"
    for row in facts.coverage:
        yield f"{row.emotion:<12}{row.pictures:>10,}{row.shown:>10,}{row.liked:>10,}{row.likes:>10,}"
    yield ""
    yield "Personalize would take it all." if not facts.refusals else "Personalize would say:"
    yield from (f"  {refusal}" for refusal in facts.refusals)
