"""Jobs of small pictures, and times of GPU hosts."""

from datetime import timedelta
from typing import Any

from garden.models import AuditEntry
from garden.vocabulary import Orientation
from generation.engines.base import PictureRequest
from generation.jobs import SlotSpec, submit_job
from generation.models import GenerationJob

LETTERS = {Orientation.LANDSCAPE: "h", Orientation.PORTRAIT: "v"}


def wanted(count: int, *, name: str = "job", prompt: str = "calm", size: int = 64, **asked: Any) -> list[SlotSpec]:
    return [
        SlotSpec(
            index=index,
            orientation=Orientation.LANDSCAPE,
            key=f"imgPool/calm/img_{name}_{index}h.jpeg",
            request=PictureRequest(prompt=prompt, width=size, height=size, seed=index, **asked),
        )
        for index in range(count)
    ]


def ask_for(count: int, *, name: str = "job", prompt: str = "calm", size: int = 64, **described: Any) -> GenerationJob:
    return submit_job(title=name, pictures=wanted(count, name=name, prompt=prompt, size=size), **described)


def make_host_events_older(age: timedelta) -> None:
    """As if they had happened so much earlier; the audit log cannot be changed, so the entries are written again."""
    entries = list(AuditEntry.objects.filter(about__startswith="GPU hosts: ").order_by("pk"))
    AuditEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    for entry in entries:
        AuditEntry.objects.create(
            at=entry.at - age, kind=entry.kind, who=entry.who, about=entry.about, detail=entry.detail
        )
