"""Send waiting events and changed rows to Personalize."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from garden.errors import GardenError
from recommend.backends.personalize.delivery import DatasetKind, changed, copy_changed, forget_mark
from recommend.backends.personalize.recommender import PersonalizeRecommender, site_personalize
from recommend.models import OutgoingEvent


class Command(BaseCommand):
    help = (
        "Send waiting events, and changed users and items, to Amazon Personalize, as a worker does every minute. Exit "
        "code 0: everything is sent; 1: something waits or was refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="every user and item, not only what changed")
        parser.add_argument("--dry-run", action="store_true", help="only count what would be sent")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            recommender = site_personalize()
            if options["all"] and not options["dry_run"]:
                for kind, _ in recommender.datasets():
                    forget_mark(kind)
            done = self._count(recommender) if options["dry_run"] else self._send(recommender, options["verbosity"])
        except GardenError as error:
            raise CommandError(error.detail) from error
        if not done:
            sys.exit(1)

    def _count(self, recommender: PersonalizeRecommender) -> bool:
        self.stdout.write(f"{OutgoingEvent.objects.waiting().count()} events would be sent.")
        for kind, _ in recommender.datasets():
            self.stdout.write(f"{changed(kind).count()} {kind.name} would be sent.")
        return True

    def _send(self, recommender: PersonalizeRecommender, verbosity: int) -> bool:
        events = recommender.deliver()
        self.stdout.write(f"events: {events.sent} sent, {events.refused} refused, {events.waiting} waiting.")
        copied = [self._copy(recommender, kind, dataset, verbosity) for kind, dataset in recommender.datasets()]
        return all(copied) and not OutgoingEvent.objects.exists()

    def _copy(self, recommender: PersonalizeRecommender, kind: DatasetKind[Any], dataset: str, verbosity: int) -> bool:
        total = changed(kind).count()
        with tqdm(total=total, desc=kind.name, unit="row", delay=2, disable=verbosity == 0) as bar:
            done = copy_changed(recommender.client, kind, dataset, bar.update)
        self.stdout.write(f"{kind.name}: {done.sent} sent, {len(done.refused)} refused.")
        for key, because in done.refused.items():
            self.stderr.write(f"  {key}: {because}")
        return not done.refused
