"""Batches and their pictures in the words of their routes."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request

from generation.credits import price_of, standing_of
from generation.models import BatchItem, RetouchBatch
from generation.models.job import Control, Priority
from generation.queue.progress import time_left, workers_online
from generation.retouch.batch.items import counts_of, items_of, row_of
from generation.retouch.batch.orders import PREVIEWED, engine_of


def describe_batch(batch: RetouchBatch, request: HttpRequest | Request) -> dict[str, Any]:
    """As `BatchSerializer` documents it."""
    job = batch.job
    left = time_left(job) if job else None
    return {
        "id": str(batch.pk),
        "title": batch.title,
        "recipe": batch.recipe,
        "by": batch.by.get_username() if batch.by else "",
        "created_at": batch.created_at,
        "run_at": batch.run_at,
        "job": job and str(job.pk),
        "control": job.control if job else Control.ACTIVE.value,
        "counts": counts_of(batch),
        "seconds_left": None if left is None else round(left.total_seconds(), 1),
        "workers": sum(workers_online(engine) for engine in job.slots.open().engines()) if job else 0,
        "credits": _credits(batch),
        "preview": describe_items(_previewed(batch), request),
    }


def _credits(batch: RetouchBatch) -> dict[str, int] | None:
    """What each picture that is not asked for yet costs who asks for the batch, and what they have left."""
    left = standing_of(batch.by).left if batch.by else None
    return None if left is None else {"price": price_of(engine_of(batch)), "left": left}


def describe_items(items: Iterable[Any], request: HttpRequest | Request) -> list[dict[str, Any]]:
    """As `BatchItemSerializer` documents them."""
    return [_describe(item, request) for item in items]


def _describe(item: Any, request: HttpRequest | Request) -> dict[str, Any]:
    row = row_of(item)
    row["before"] = _url(request, "api-batch-before", item)
    row["after"] = _url(request, "api-batch-after", item) if row["version"] else None
    return row


def _previewed(batch: RetouchBatch) -> Iterable[Any]:
    """What was asked for before the rest."""
    return items_of(batch).filter(slot__priority=Priority.SINGLE)[:PREVIEWED]


def _url(request: HttpRequest | Request, name: str, item: BatchItem) -> str:
    return request.build_absolute_uri(reverse(f"curation:{name}", args=[item.batch_id, item.number]))
