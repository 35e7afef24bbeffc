"""The way back in for staff, from the machine itself."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from garden.access.audit_log import record
from garden.access.sign_in import unlock
from garden.access.two_factor import codes_left, has_factor, make_codes, remove_factor
from garden.models.audit import AuditKind


class Command(BaseCommand):
    help = "List staff and their second factors; unlock an account; remove the factor of a lost phone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "unlock", "remove-factor", "new-codes"))
        parser.add_argument("username", nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self._list()
            return
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account named {options['username']!r}.")
        if options["dry_run"]:
            self.stdout.write(f"{options['action']}: {user.username}")
            return
        getattr(self, f"_{options['action'].replace('-', '_')}")(user)

    def _list(self) -> None:
        for user in User.objects.filter(is_staff=True).order_by("username"):
            factor = f"second factor, {codes_left(user)} recovery codes" if has_factor(user) else "no second factor"
            self.stdout.write(f"{user.username}: {factor}{'' if user.is_active else ', inactive'}")

    def _unlock(self, user: User) -> None:
        lifted = unlock(user.username)
        record(AuditKind.UNLOCKED, user.username, lifted=lifted)
        locks = ", ".join(str(lock.label) for lock in lifted) or "not locked"
        self.stdout.write(f"{user.username} can sign in again; locks removed: {locks}.")

    def _remove_factor(self, user: User) -> None:
        remove_factor(user)
        record(AuditKind.FACTOR_REMOVED, user.username)
        self.stdout.write(f"{user.username} sets up a second factor at the next sign-in.")

    def _new_codes(self, user: User) -> None:
        if not has_factor(user):
            raise CommandError(f"{user.username} has no second factor, so no recovery codes can be created.")
        codes = make_codes(user)
        record(AuditKind.CODES_MADE, user.username)
        self.stdout.write("\n".join(codes))
