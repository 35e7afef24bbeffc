"""Accounts as of today: what is in them, what waiting retouches hold of it, and who needs none."""

import zoneinfo
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.utils import timezone

from generation.credits.refilling import credited_until, refilled
from generation.models import BatchItem, CreditAccount, CreditPlan, Version

USUAL_PRICE = 1
"""Credits that a finished picture costs where the site says nothing else of its engine."""
EXEMPT = "generation.retouch_without_credits"
UNLIMITED = "infinite"
"""The name of the plan of whoever has none."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody may spend now. `left` is None for whoever has no limit; `most` of them can be kept."""

    plan: str
    left: int | None = None
    most: int | None = None
    daily: int | None = None

    def covers(self, wanted: int) -> bool:
        return self.left is None or self.left >= wanted


def price_of(engine: str = "") -> int:
    """Credits that a finished picture of an engine costs who has a limit; of the usual engine where none is named."""
    prices: dict[str, int] = settings.RETOUCH_PRICES
    return prices.get(engine or settings.GENERATION_DEFAULT_ENGINE, USUAL_PRICE)


def standing_of(user: AbstractBaseUser) -> Standing:
    """As it is at this moment; nothing is written or held."""
    account = CreditAccount.objects.select_related("plan").filter(user_id=user.pk).first()
    plan = plan_of(user, account)
    if plan is None or plan.daily is None:
        return Standing(plan.name if plan else UNLIMITED)
    balance, day = (account.balance, account.day) if account else (0, None)
    present = refilled(balance, day, site_day(), daily=plan.daily, most=plan.most)
    return Standing(plan.name, max(present - held_by(user), 0), plan.most, plan.daily)


def plan_of(user: AbstractBaseUser, account: CreditAccount | None) -> CreditPlan | None:
    """Nobody's plan limits who may retouch without credits."""
    if isinstance(user, PermissionsMixin) and user.has_perm(EXEMPT):
        return None
    return (account.plan if account else None) or CreditPlan.objects.usual().first()


def is_limited(user: AbstractBaseUser) -> bool:
    account = CreditAccount.objects.select_related("plan").filter(user_id=user.pk).first()
    plan = plan_of(user, account)
    return plan is not None and plan.daily is not None


def held_by(user: AbstractBaseUser) -> int:
    """Credits that waiting retouches will cost. Their slots tell it: nothing can stay held that is not waiting.

    One statement: what a worker begins between two would be in neither of them.
    """
    begun = Version.objects.unpaid().filter(by_id=user.pk).order_by().values_list("price")
    in_batches = BatchItem.objects.unpaid().filter(batch__by_id=user.pk).order_by().values_list("price")
    return sum(price for (price,) in begun.union(in_batches, all=True))


def lock_account(user: AbstractBaseUser) -> CreditAccount:
    """The account with today's credits in it; others wait at its UPDATE until this transaction ends."""
    CreditAccount.objects.get_or_create(user_id=user.pk)
    CreditAccount.objects.filter(user_id=user.pk).update(asked_at=timezone.now())
    account = CreditAccount.objects.select_related("plan").get(user_id=user.pk)
    plan = plan_of(user, account)
    if plan is not None and plan.daily is not None:
        _refill(account, plan.daily, plan.most)
    return account


def site_day() -> date:
    """The date where the site is, whatever time zone a request speaks of."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(settings.TIME_ZONE))


def _refill(account: CreditAccount, daily: int, most: int) -> None:
    """Only from the balance and the day that were read: written twice it would still be one refill."""
    before, today = {"balance": account.balance, "day": account.day}, site_day()
    account.balance = refilled(account.balance, account.day, today, daily=daily, most=most)
    account.day = credited_until(account.day, today)
    CreditAccount.objects.filter(pk=account.pk, **before).update(balance=account.balance, day=account.day)
