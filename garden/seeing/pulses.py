"""The pulse of every queue: one small task a queue, twice a minute, says that clock, broker and worker are there."""

from datetime import timedelta

from django.utils import timezone

from garden.models import Pulse

EVERY_SECONDS = 30.0
SILENCE = timedelta(seconds=150)
"""A worker may be busy for GENERATION_TASK_SECONDS with what came before."""


def note_pulse(*, queue: str, worker: str) -> None:
    Pulse.objects.update_or_create(queue=queue, defaults={"heard_at": timezone.now(), "worker": worker[:255]})


def silence_of(queues: list[str]) -> dict[str, timedelta | None]:
    """How long each queue was silent; None was never heard."""
    heard = {pulse.queue: pulse.age for pulse in Pulse.objects.filter(queue__in=queues)}
    return {queue: heard.get(queue) for queue in queues}
