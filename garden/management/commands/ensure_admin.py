"""Make the first administrator."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Create an administrator with a random password, printed once, unless there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="admin")
        parser.add_argument("--dry-run", action="store_true", help="only print whether one would be created")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        if options["dry_run"]:
            self.stdout.write(f"The administrator {options['username']!r} would be created.")
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(username=options["username"], password=password)
        self.stdout.write(
            f"\nAdministrator created. User: {options['username']}   Password: {password}   (shown only once)\n"
        )
