"""Make the first administrator."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make an administrator with a random password, printed once, unless the site has one already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--dry-run", action="store_true", help="only say whether one would be made")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        if options["dry_run"]:
            self.stdout.write(f"The administrator {options['username']!r} would be made.")
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=options["username"], password=password)
        self.stdout.write(
            f"\nAdministrator made. User: {options['username']}   Password: {password}   (shown this once)\n"
        )
