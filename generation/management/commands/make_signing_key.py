"""Create the key that signs this site's pictures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from generation.signing import LONGEST_NAME, make_signing_key, save_signing_key


class Command(BaseCommand):
    help = "Create the key that signs this site's pictures (C2PA, ES256), unless there is one. Safe to repeat."
    requires_system_checks = ()  # One of them refuses a spoilt key, which --renew is to replace.

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", default="Emotion Garden", help="organization in the signatures")
        parser.add_argument("--years", type=int, default=20, help="validity of the certificates in years; default: 20")
        parser.add_argument("--renew", action="store_true", help="replace the key; old signatures stay trusted")
        parser.add_argument("--dry-run", action="store_true", help="only print whether one would be created")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["years"] <= 100 or not 1 <= len(options["organization"]) <= LONGEST_NAME:
            raise CommandError(f"--years must be 1 to 100, --organization 1 to {LONGEST_NAME} characters.")
        path = Path(settings.PROVENANCE_KEY)
        if path.exists() and not options["renew"]:
            self.stdout.write(f"The signing key is in {path} already.")
        elif options["dry_run"]:
            self.stdout.write(f"A signing key would be made in {path}.")
        else:
            save_signing_key(make_signing_key(options["organization"], options["years"]), path)
            self.stdout.write(f"Signing key made in {path}. Pictures are signed from now on.")
