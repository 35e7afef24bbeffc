"""A batch of small pictures, asked for by a process that is killed again and again; and what became of it."""

import io
import json
import uuid
from typing import Any
from unittest import mock

import numpy as np
import PIL.Image
from django.contrib.auth.models import Permission, User
from django.core.files.storage import default_storage
from django.db import connection

from garden.models import Image
from garden.services import register_image
from generation.credits import give_plan
from generation.models import BatchItem, CreditCharge, CreditPlan, RetouchBatch, Slot, Version
from generation.retouch.batch.orders import choose_images, plan_batch, preview_batch, run_batch
from generation.retouch.batch.recipe import Recipe
from tests.faults.killing import Steps, in_a_child

BATCH = uuid.UUID(int=9)
RECIPE = {
    "region": "saliency",
    "expand": 2,
    "settings": {"prompt": ["calm sea"], "strength": 0.3, "feather": 4, "engine": "quick"},
}
SIZE = (96, 72)
STRIDE = 13
"""Between the steps at which the asking process dies."""


def plant(count: int) -> None:
    """So many different pictures, and somebody who may retouch as many as there are and not one more."""
    asker = User.objects.create_user("asker", is_staff=True)
    asker.user_permissions.add(Permission.objects.get(codename="retouch"))
    give_plan(user=asker, plan=CreditPlan.objects.create(name="exactly", daily=count))
    for number in range(count):
        register_image(key=f"imgPool/calm/img_{number}_0h.jpeg", content=_content(number), origin="painter")


def ask_and_die() -> None:
    """Killed at every few statements and around each file, then once left alone; prints how often it was killed."""
    deaths, fatal, alive = 0, 1, False
    while not alive:
        alive = in_a_child(lambda fatal=fatal: _ask_until(fatal))  # type: ignore[misc]
        deaths, fatal = deaths + (not alive), fatal + STRIDE
    print(deaths)  # noqa: T201


def account() -> None:
    """All there is, as JSON."""
    rows: Any = BatchItem.objects.filter(batch=BATCH).with_state().in_order().select_related("slot", "version")
    items = [(row.number, row.state, row.slot.state, row.version.number) for row in rows]
    versions = Version.objects.select_related("canvas")
    reported: dict[str, Any] = {
        "batches": RetouchBatch.objects.count(),
        "items": items,
        "slots": Slot.objects.count(),
        "versions": [version.done_at is not None for version in versions],
        "canvases": len({version.canvas_id for version in versions}),
        "images": len({version.canvas.image_id for version in versions}),
        "heads": sum(version.canvas.head_id == version.pk for version in versions),
        "files": sum(default_storage.exists(version.key_of("patch")) for version in versions),
        "charges": CreditCharge.objects.count(),
        "balance": User.objects.get().credit_account.balance,
    }
    print(json.dumps(reported))  # noqa: T201


def _ask_until(fatal: int) -> None:
    steps = Steps(fatal)
    saving = mock.patch.object(default_storage, "save", steps.around(default_storage.save))
    with connection.execute_wrapper(steps.before_sql), saving:
        recipe = Recipe.from_json(RECIPE)
        ids = list(Image.objects.order_by("pk").values_list("pk", flat=True))
        chosen = choose_images(recipe, ids)
        batch = plan_batch(recipe=recipe, chosen=chosen, by=User.objects.get(), batch_id=BATCH)
        preview_batch(batch=batch)
        run_batch(batch=batch)


def _content(number: int) -> bytes:
    width, height = SIZE
    pixels = np.full((height, width, 3), (60, 120, 60), np.uint8)
    pixels[20:50, 10 + number % 50 : 35 + number % 50] = (200, number % 256, 90)
    stream = io.BytesIO()
    PIL.Image.fromarray(pixels).save(stream, "JPEG")
    return stream.getvalue()
