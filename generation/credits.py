"""Credits for retouches: reserved while a picture waits, charged once it is finished."""

import zoneinfo
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from garden.errors import RefusedError
from generation.models import BatchItem, CreditAccount, CreditCharge, CreditPlan, GenerationJob, Version


class NoCreditsError(RefusedError):
    """The request costs more credits (`price`) than are left (`left`)."""

    code = "no_credits"
    status = 402

    def __init__(self, *, left: int, cost: int, daily: int) -> None:
        detail = f"Credits left: {left}; this costs {cost}. {daily} more come at midnight."
        super().__init__(detail, left=left, price=cost, daily=daily)


ONE_DAY = timedelta(days=1)


def refill(balance: int, day: date | None, today: date, *, daily: int, most: int) -> int:
    """Add `daily` for each day since `day`, up to `most`; a balance above `most` stays.

    A new account (`day` is None) starts with one day's credits.
    """
    days = 1 if day is None else (today - day).days
    if days <= 0:
        return balance
    return max(balance, min(balance + days * daily, most))


def credited_until(day: date | None, today: date) -> date:
    """The day to store. It does not go back by one day (time zones); a day far ahead (wrong clock) is corrected."""
    return max(day, today) if day is not None and day <= today + ONE_DAY else today


USUAL_PRICE = 1
"""Credits per finished picture for engines without an entry in RETOUCH_PRICES."""
EXEMPT = "generation.retouch_without_credits"
UNLIMITED = "infinite"
"""The plan name of users without a plan."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A user's plan and credits. `left` is None without a limit; `most` is the largest balance."""

    plan: str
    left: int | None = None
    most: int | None = None
    daily: int | None = None

    def covers(self, cost: int) -> bool:
        return self.left is None or self.left >= cost


def price_of(engine: str = "") -> int:
    """Credits per finished picture of an engine, by default of the default engine."""
    prices: dict[str, int] = settings.RETOUCH_PRICES
    return prices.get(engine or settings.GENERATION_DEFAULT_ENGINE, USUAL_PRICE)


def standing_of(user: AbstractBaseUser) -> Standing:
    """The current state; nothing is saved or locked."""
    account = CreditAccount.objects.select_related("plan").filter(user_id=user.pk).first()
    plan = plan_of(user, account)
    if plan is None or plan.daily is None:
        return Standing(plan.name if plan else UNLIMITED)
    balance, day = (account.balance, account.day) if account else (0, None)
    present = refill(balance, day, site_day(), daily=plan.daily, most=plan.most)
    return Standing(plan.name, max(present - reserved_credits(user), 0), plan.most, plan.daily)


def plan_of(user: AbstractBaseUser, account: CreditAccount | None) -> CreditPlan | None:
    """None for users who may retouch without credits."""
    if isinstance(user, PermissionsMixin) and user.has_perm(EXEMPT):
        return None
    return (account.plan if account else None) or CreditPlan.objects.usual().first()


def is_limited(user: AbstractBaseUser) -> bool:
    account = CreditAccount.objects.select_related("plan").filter(user_id=user.pk).first()
    plan = plan_of(user, account)
    return plan is not None and plan.daily is not None


def reserved_credits(user: AbstractBaseUser) -> int:
    """Credits reserved by waiting retouches, computed from their slots.

    A single statement: a batch item that gets its version between two would be in neither of them.
    """
    begun = Version.objects.reserved().filter(by_id=user.pk).order_by().values_list("price")
    in_batches = BatchItem.objects.reserved().filter(batch__by_id=user.pk).order_by().values_list("price")
    return sum(price for (price,) in begun.union(in_batches, all=True))


def lock_account(user: AbstractBaseUser) -> CreditAccount:
    """The account with today's credits, locked by its UPDATE until the transaction ends."""
    CreditAccount.objects.get_or_create(user_id=user.pk)
    CreditAccount.objects.filter(user_id=user.pk).update(asked_at=timezone.now())
    account = CreditAccount.objects.select_related("plan").get(user_id=user.pk)
    plan = plan_of(user, account)
    if plan is not None and plan.daily is not None:
        _refill(account, plan.daily, plan.most)
    return account


def site_day() -> date:
    """The date in the site's time zone, whatever zone is active in the request."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(settings.TIME_ZONE))


def _refill(account: CreditAccount, daily: int, most: int) -> None:
    """Conditional on the balance and the day that were read, so that concurrent refills count once."""
    before, today = {"balance": account.balance, "day": account.day}, site_day()
    account.balance = refill(account.balance, account.day, today, daily=daily, most=most)
    account.day = credited_until(account.day, today)
    CreditAccount.objects.filter(pk=account.pk, **before).update(balance=account.balance, day=account.day)


@dataclass(frozen=True, slots=True)
class Prices:
    """The users with a limit; the others pay nothing."""

    payers: frozenset[int]

    def of(self, user: AbstractBaseUser | None, engine: str) -> int:
        """The price of one picture."""
        return price_of(engine) if user is not None and user.pk in self.payers else 0


def require_credits(user: AbstractBaseUser | None, pictures: int = 1, engine: str = "") -> None:
    """An early check; `within_credits` is authoritative. Raises NoCreditsError."""
    if user is None:
        return
    standing, cost = standing_of(user), pictures * price_of(engine)
    if not standing.covers(cost):
        raise NoCreditsError(left=standing.left or 0, cost=cost, daily=standing.daily or 0)


@contextmanager
def within_credits(users: Iterable[AbstractBaseUser | None]) -> Iterator[Prices]:
    """Check on exit that the users' credits cover everything that waits, including slots opened in this block.

    Call it in a transaction: the accounts stay locked until it ends. Yields the prices. Raises NoCreditsError.
    """
    limited = {user.pk: user for user in users if user is not None and is_limited(user)}
    accounts = [(limited[pk], lock_account(limited[pk])) for pk in sorted(limited)]
    before = [account.balance - reserved_credits(user) for user, account in accounts]
    yield Prices(frozenset(limited))
    for left, (user, account) in zip(before, accounts, strict=True):
        after = account.balance - reserved_credits(user)
        if after < 0 and after < left:
            daily = standing_of(user).daily or 0
            raise NoCreditsError(left=max(left, 0), cost=left - after, daily=daily)


def payers_of(job: GenerationJob) -> list[AbstractBaseUser]:
    """Users who pay for the unfinished pictures of a job."""
    unfinished = Version.objects.filter(slot__job=job, done_at=None, price__gt=0)
    not_begun = BatchItem.objects.filter(slot__job=job, version=None, price__gt=0)
    payers = Q(pk__in=unfinished.values("by")) | Q(pk__in=not_begun.values("batch__by"))
    return list(get_user_model().objects.filter(payers))


def charge(version: Version) -> None:
    """Add a ledger row and deduct the price, once. Call it in the transaction that finishes the slot."""
    if not version.price or version.by_id is None:
        return
    values = {"user_id": version.by_id, "amount": version.price}
    _line, is_new = CreditCharge.objects.get_or_create(version=version.pk, defaults=values)
    if is_new:
        CreditAccount.objects.filter(user_id=version.by_id).update(balance=F("balance") - version.price)


@transaction.atomic
def give_plan(*, user: AbstractBaseUser, plan: CreditPlan | None) -> CreditAccount:
    """Change the plan (None: the default one). Its first credits are added at once; the balance stays. Idempotent."""
    account = lock_account(user)
    if account.plan != plan:
        account.plan, account.day = plan, None
        CreditAccount.objects.filter(pk=account.pk).update(plan=plan, day=None)
        account = lock_account(user)
    return account
