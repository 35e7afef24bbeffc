"""Checks of the recommender, of the pictures it ranks and their encoder, and of events to be sent."""

from collections.abc import Iterator
from datetime import timedelta

import numpy as np
from django.db.models import Count
from django.utils import timezone

from garden.models import Image
from garden.ops.doctor import Finding, failed, first_line, register, warning, well
from garden.vocabulary import Emotion
from recommend.backends.registry import get_recommender
from recommend.encoders import get_encoder
from recommend.models import OutgoingEvent

LATE = timedelta(minutes=15)


@register("recommender")
def check_recommender() -> Iterator[Finding]:
    recommender = get_recommender()
    recommender.check()
    yield well("recommender", f"{recommender.name} can rank.")


@register("pictures")
def check_pictures() -> Iterator[Finding]:
    """An emotion without pictures is an empty garden."""
    found = Image.objects.serving().order_by().values_list("emotion").annotate(Count("pk"))
    counts = {emotion.value: 0 for emotion in Emotion} | dict(found)
    empty = sorted(emotion for emotion, count in counts.items() if not count)
    if empty:
        advice = "Publish some: see docs/how-to/make-pictures.md, or manage.py plant_starter_garden."
        yield failed("pictures", f"No pictures for {', '.join(empty)}: those visitors see an empty garden.", advice)
    else:
        words = f"{sum(counts.values()):,} pictures in the garden, {min(counts.values()):,} or more per emotion."
        yield well("pictures", words)


@register("encoder")
def check_encoder() -> Iterator[Finding]:
    """While it is unavailable no picture is described."""
    encoder = get_encoder()
    if encoder is None:
        return
    try:
        encoder.encode([np.zeros((8, 8, 3), np.uint8)])
    except Exception as error:  # Of any library that a site's own encoder uses.
        advice = "Run manage.py build_models, or check PICTURE_ENCODER: until then new pictures are not described."
        yield failed("encoder", f"{encoder.identity} cannot encode pictures: {first_line(error)}.", advice)
    else:
        yield well("encoder", f"{encoder.identity} can encode pictures.")


@register("outbox")
def check_outbox() -> Iterator[Finding]:
    """Only if another service learns from likes."""
    oldest = OutgoingEvent.objects.waiting().order_by("created_at").first()
    refused = OutgoingEvent.objects.refused().count()
    if oldest is not None and timezone.now() - oldest.created_at > LATE:
        words = f"{OutgoingEvent.objects.waiting().count()} events are waiting: {oldest.last_error or 'not tried yet'}."
        yield warning("outbox", words, "They are sent when the service answers; check its address and rights.")
    if refused:
        yield warning("outbox", f"{refused} events were refused for good.", "See Outgoing events in the admin.")
    if oldest is None and not refused:
        yield well("outbox", "No event is waiting to be sent.")
