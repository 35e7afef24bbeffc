"""Turning an order into a job: once, however often it is sent."""

import secrets
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from garden.errors import RefusedError
from generation.bulk import BulkOrder, BulkPlan, plan_bulk
from generation.jobs import KeyTakenError, submit_job
from generation.models import GenerationJob
from generation.requests import time_name

ORDERED_HERE = "bulk-page:"
"""How the idempotency keys of orders begin."""
NAMED = 3
"""Emotions and favorites that a title spells out."""


class FormUsedError(RefusedError):
    """The token of an order belongs to an earlier, different one."""

    code = "form_used"
    status = 409

    def __init__(self, job: GenerationJob) -> None:
        super().__init__("These settings came from a form that was sent before, with others.", job=str(job.pk))
        self.job = job


def queue_bulk(*, order: BulkOrder, token: str, by: AbstractBaseUser, request: dict[str, Any]) -> GenerationJob:
    """Make the job of an order. The same token with the same `request` (plain JSON) answers the job that exists.

    Raises FormUsedError when the token was used for another one, and what `plan_bulk` raises.
    """
    plan = plan_bulk(order)
    described = {
        "title": title_of(order, len(plan)),
        "engine": order.engine_name,
        "owner": by,
        "priority": order.priority,
        "request_key": f"{ORDERED_HERE}{by.pk}:{token}",
        "request": request,
    }
    job = _submit(plan, described)
    if job.request != request:
        raise FormUsedError(job)
    return job


def title_of(order: BulkOrder, pictures: int) -> str:
    """`happy, calm · cat, bird · 24`."""
    favorites = [favorite for favorite in order.favorites if favorite]
    parts = (_named(order.emotions), _named(favorites), str(pictures))
    return " · ".join(part for part in parts if part)


def _submit(plan: BulkPlan, described: dict[str, Any]) -> GenerationJob:
    name = time_name()
    try:
        return submit_job(pictures=plan.pictures(name), **described)
    except KeyTakenError:  # Somebody ordered within the same second.
        return submit_job(pictures=plan.pictures(f"{name}-{secrets.token_hex(4)}"), **described)


def _named(names: Any) -> str:
    shown = ", ".join(names[:NAMED])
    return f"{shown} +{len(names) - NAMED}" if len(names) > NAMED else shown
