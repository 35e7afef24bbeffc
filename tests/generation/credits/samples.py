"""People with credits, and what they ask for."""

from typing import Any

from django.contrib.auth.models import User

from generation.credits import give_plan, standing_of
from generation.models import CreditAccount, CreditPlan, Version
from generation.retouch.versions import open_image
from tests.curation.cast import member
from tests.generation.retouch.samples import ask, edit, picture

QUICK = ["quick"]


def plan(daily: int | None, ceiling: int | None = None, **described: Any) -> CreditPlan:
    name = f"{daily} up to {ceiling or daily}"
    return CreditPlan.objects.get_or_create(name=name, defaults={"daily": daily, "ceiling": ceiling, **described})[0]


def curator(daily: int | None = 3, ceiling: int | None = None, name: str = "cleo") -> User:
    """A curator who has a plan."""
    user = member("curator", name)
    give_plan(user=user, plan=plan(daily, ceiling))
    return user


def retouch(by: User, pictures: int = 1, **settings: Any) -> list[Version]:
    """A job of so many edits of one picture."""
    canvas = open_image(image=picture(), by=by)
    return ask([edit(canvas, **settings) for _ in range(pictures)], by=by)


def left(user: User) -> int | None:
    return standing_of(user).left


def balance(user: User) -> int:
    """What is in the account; what waits is not taken off."""
    return CreditAccount.objects.get(user=user).balance
