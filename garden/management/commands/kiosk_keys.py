"""Keys of kiosks and displays, at the command line."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from garden.access.kiosk_keys import make_key, revoke_key, rotate_key
from garden.models import Display, Kiosk, KioskKey
from garden.walls.slots import slot_place


class Command(BaseCommand):
    help = "List, create, rotate and revoke the keys of kiosks and displays. A new key is printed only once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=("list", "make", "rotate", "revoke"))
        parser.add_argument("of", nargs="*", help="a kiosk's name or a display's place (zone1/3h); else prefixes")
        parser.add_argument(
            "--new", action="store_true", help="make: add the kiosk first, if there is none of this name"
        )
        parser.add_argument("--name", default="", help="label of a new key")
        parser.add_argument("--days", type=int, help="validity of a new key in days")
        parser.add_argument("--overlap-hours", type=float, help="how long a replaced key stays valid")
        parser.add_argument("--dry-run", action="store_true", help="only print what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["action"] == "list":
            self._list()
            return
        if not options["of"]:
            raise CommandError(f"Name what to {options['action']}.")
        for name in options["of"]:
            self.stdout.write(getattr(self, f"_{options['action']}")(name, options))

    def _list(self) -> None:
        for key in KioskKey.objects.order_by("created"):
            state = "usable" if key.is_usable else "ended"
            used = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
            self.stdout.write(f"{key.prefix}  {state:<6}  {key.scope:<7}  {key.device}  {key.name}  last used {used}")

    def _make(self, name: str, options: dict[str, Any]) -> str:
        if options["new"] and not Kiosk.objects.filter(name=name).exists():
            if options["dry_run"]:
                return f"The kiosk {name!r} and a key of it would be created."
            Kiosk.objects.create(name=name)
        device = _device_named(name)
        if options["dry_run"]:
            return f"A key of {device} would be created."
        expires = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        _, secret = make_key(device=device, name=options["name"] or name[:50], expires=expires)
        return f"{device}: {secret}"

    def _rotate(self, prefix: str, options: dict[str, Any]) -> str:
        key = _key_with(prefix)
        if not key.is_usable or hasattr(key, "follower"):
            raise CommandError(f"{prefix} cannot be rotated: it has expired, or was rotated already.")
        if options["dry_run"]:
            return f"{prefix} of {key.device} would be replaced."
        hours = options["overlap_hours"]
        _, secret = rotate_key(key=key, overlap=None if hours is None else timedelta(hours=hours))
        return f"{key.device}: {secret}   ({prefix} expires at {key.expiry_date:%Y-%m-%d %H:%M} UTC)"

    def _revoke(self, prefix: str, options: dict[str, Any]) -> str:
        key = _key_with(prefix)
        if options["dry_run"]:
            return f"{prefix} of {key.device} would be revoked."
        revoke_key(key=key)
        return f"{prefix} of {key.device} is revoked."


def _key_with(prefix: str) -> KioskKey:
    key: KioskKey | None = KioskKey.objects.filter(prefix=prefix.partition(".")[0]).first()
    if key is None:
        raise CommandError(f"There is no key {prefix}.")
    return key


def _device_named(name: str) -> Kiosk | Display:
    kiosk = Kiosk.objects.filter(name=name).first()
    if kiosk is not None:
        return kiosk
    zone, _, slot = name.rpartition("/")
    try:
        orientation, number = slot_place(slot)
    except ValueError:
        raise CommandError(f"There is no kiosk {name!r}.") from None
    display = Display.objects.filter(zone__name=zone, orientation=orientation, number=number).first()
    if display is None:
        raise CommandError(f"There is no display {name!r}. Add it to its zone in the admin pages first.")
    return display
