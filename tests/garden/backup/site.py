"""A small site with something in every corner, the commands, and all its rows and files, to be compared."""

import json
import uuid
from io import StringIO
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from curation.services.votes import NewDecision, decide
from garden.backup.contents import LEFT_OUT
from garden.backup.database import dump, empty_tables
from garden.backup.places import files_of, site_storage
from garden.backup.snapshot import hash_of
from garden.models import Image, KioskKey
from recommend.models import Description, Interaction, Ledger, Slate
from tests.support.factories import ImageFactory, KioskFactory, VisitorFactory

KEYS = [
    "emotions/calm/img_2023039-20405_0h.jpeg",
    "emotions/happy/spring,cloudy,day/img 1 (2)_0v.jpeg",
    "emotions/sad/봄,꽃/a+b&c=d_h.jpeg",
    "imgPool/free_text.jpeg",
]
DISPLAY = "display/zone1/img1h.jpeg"


def plant(keys: list[str] = KEYS) -> list[Image]:
    """Pictures with rows, the pool's first published as the calm one."""
    images: list[Image] = []
    for number, key in enumerate(keys):
        put(key, f"picture {number} ".encode() * (number + 1))
        images.append(
            ImageFactory(key=key, prompt="a “calm” garden\u2028\nof\tflowers", parameters={"b": 1.5, "a": [None, True]})
        )
    return images


def furnish(images: list[Image]) -> None:
    """Visitors and what they said, a kiosk, a curator, a screen, and small copies."""
    visitor, kiosk = VisitorFactory(id="방문자 1"), KioskFactory(name="Foyer")
    KioskKey.objects.create_key(name="foyer", kiosk=kiosk)
    slate = Slate.objects.create(
        visitor=visitor,
        group="adult/Female",
        kiosk=kiosk,
        emotion="calm",
        recommender="r",
        version="1",
        personalized=True,
    )
    Interaction.objects.create(
        visitor=visitor,
        group="adult/Female",
        kind="like",
        image=images[0],
        item_key=images[0].key,
        impression=[images[0].key],
        exposed=[images[0].pk],
        slate=slate,
        sequence=Ledger.objects.take()[0],
        pseudonym=1,
        hour=12,
    )
    curator = User.objects.create_user("curator", password="flowers in the garden", is_staff=True)
    group = Group.objects.create(name="Night shift")
    group.permissions.add(Permission.objects.get(codename="change_image"))
    curator.groups.add(group)
    curator.user_permissions.add(Permission.objects.get(codename="view_visitor"))
    Description.objects.create(sequence=Ledger.objects.take()[0], image=images[0], version=1, vector=b"\x00\xff\x80?")
    decide(by=curator, decisions=[NewDecision(uuid.uuid4(), images[0].pk, "like", 5)])
    Image.objects.filter(pk=images[1].pk).update(published_from=images[-1])
    Image.objects.filter(pk=images[2].pk).withdraw()
    put(DISPLAY, b"on the wall")
    put(f"derived/320/{images[0].key}.webp", b"small")


def put(key: str, content: bytes) -> None:
    default_storage.save(key, ContentFile(content))


def wipe() -> None:
    """As after a disaster, and a fresh `migrate`."""
    with transaction.atomic():
        empty_tables()
    User.objects.all().delete()
    Group.objects.all().delete()
    for key, _mark in marks():
        default_storage.delete(key)


def rows() -> dict[str, list[bytes]]:
    return {model: list(lines) for model, lines in dump()}


def files() -> dict[str, str]:
    """SHA-256 by key, of what backups hold."""
    place = site_storage()
    return {stored.key: hash_of(place.read(stored.key)) for stored in files_of(place, LEFT_OUT)}


def marks() -> list[tuple[str, str]]:
    """Of all files: what changes when one is written."""
    return [(stored.key, stored.mark) for stored in files_of(site_storage(), LEFT_OUT)]


def run(command: str, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit code and report. Raises CommandError."""
    out = StringIO()
    try:
        call_command(command, *arguments, "--json", "--workers", "4", stdout=out)
    except SystemExit as stopped:
        return int(stopped.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())
