"""Releases that wait for their time."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from curation.models import Act, Release
from curation.models.release import Change
from curation.services.batches import batches
from curation.services.gardens import (
    Picture,
    State,
    hold_gardens,
    number_release,
    read_pictures,
    record_changes,
    set_state,
)
from garden.walls.playing import replace_removed

logger = logging.getLogger(__name__)

_EFFECT = {Change.ADD.value: (State.SHELVED, State.SERVING), Change.REMOVE.value: (State.SERVING, State.SHELVED)}
"""From which state to which a change takes a picture when its time comes."""


def schedule_release(act: Act, images: Sequence[int], change: Change) -> None:
    """One release a garden, without a number yet. Call it in a transaction that holds the gardens."""
    gardens: dict[str, dict[Picture, Change]] = defaultdict(dict)
    for picture in read_pictures(images):
        if picture.state == _EFFECT[change][0]:
            gardens[picture.emotion][picture] = change
    for emotion, changes in sorted(gardens.items()):
        release = Release.objects.create(
            garden_id=emotion, act=act, by_id=act.by_id, note=act.note, goes_live_at=act.goes_live_at
        )
        record_changes(release, changes)


def start_due_releases() -> int:
    """Let every release go live whose time has come; returns how many. However often it is called, each goes once."""
    due = Release.objects.due().values_list("pk", "garden")
    return sum(_go_live(release, emotion) for release, emotion in list(due))


@transaction.atomic
def _go_live(release_id: int, emotion: str) -> bool:
    hold_gardens([emotion])
    release = Release.objects.due().filter(pk=release_id).first()
    if release is None:
        return False
    now = timezone.now()
    effective = _keep_what_has_effect(release)
    number_release(release, now)
    for change, images in effective.items():
        set_state(images, _EFFECT[change][1], now)
    replace_removed()
    logger.info("Release %s of %s is live.", release.number, emotion)
    return True


def _keep_what_has_effect(release: Release) -> dict[str, list[int]]:
    """Pictures that were removed or shown in the meantime are no change of this release any more."""
    changes = dict(release.changes.filter(image__isnull=False).values_list("image_id", "change"))
    states = {picture.id: picture.state for picture in read_pictures(list(changes))}
    effective: dict[str, list[int]] = defaultdict(list)
    for image, change in changes.items():
        if states[image] == _EFFECT[change][0]:
            effective[change].append(image)
    idle = changes.keys() - {image for images in effective.values() for image in images}
    for some in batches(list(idle)):
        release.changes.filter(image__in=some).delete()
    release.changes.filter(image=None).delete()
    release.added, release.removed = len(effective[Change.ADD]), len(effective[Change.REMOVE])
    release.save(update_fields=["added", "removed"])
    return effective
