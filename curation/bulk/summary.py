"""What a form would come to, before it is sent."""

from typing import Any

from curation.bulk.form import BulkForm
from generation.jobs import time_name
from generation.orders import BulkPlan, estimate_bulk

SHOWN = 6
LOOKED_AT = 200


def summarise(form: BulkForm) -> dict[str, Any]:
    """How many pictures, how long, and the prompts of the first few; or what is wrong, by field."""
    if not form.is_valid() or form.plan is None:
        return {"errors": {name: list(messages) for name, messages in form.errors.items()}}
    told = estimate_bulk(form.plan)
    return {
        "errors": {},
        "pictures": told.pictures,
        "work": told.work,
        "seconds": told.seconds,
        "workers": told.workers,
        "ahead": told.ahead,
        "preview": _preview(form.plan),
    }


def _preview(plan: BulkPlan) -> list[dict[str, str]]:
    """The first prompts that differ; both pictures of a pair have the same one."""
    name, step = time_name(), len(plan.order.sizes)
    pictures = (plan.picture(position, name) for position in range(0, len(plan), step)[:LOOKED_AT])
    prompts = dict.fromkeys(
        (picture.key.rpartition("/")[0].partition("/")[2], picture.request.prompt, picture.request.negative_prompt)
        for picture in pictures
    )
    return [{"place": place, "prompt": prompt, "negative": negative} for place, prompt, negative in [*prompts][:SHOWN]]
