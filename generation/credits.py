"""What people may spend on retouches: held while a picture waits, charged once it is finished."""

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
    """What is asked costs more credits than are left; `left` and `price` tell both."""

    code = "no_credits"
    status = 402

    def __init__(self, *, left: int, wanted: int, daily: int) -> None:
        detail = f"Credits left: {left}; this costs {wanted}. {daily} more come at midnight."
        super().__init__(detail, left=left, price=wanted, daily=daily)


ONE_DAY = timedelta(days=1)


def refilled(balance: int, day: date | None, today: date, *, daily: int, most: int) -> int:
    """The balance of `day` as it is today: `daily` for each day since, up to `most`. What is above it already stays.

    An account that was never filled (`day` is None) begins with one day's credits.
    """
    days = 1 if day is None else (today - day).days
    if days <= 0:
        return balance
    return max(balance, min(balance + days * daily, most))


def credited_until(day: date | None, today: date) -> date:
    """The day to write down: never back by one, as a site's time zone may go; a clock far ahead is corrected."""
    return max(day, today) if day is not None and day <= today + ONE_DAY else today


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


@dataclass(frozen=True, slots=True)
class Prices:
    """Who of those that were named pays; who has no limit does not."""

    payers: frozenset[int]

    def of(self, user: AbstractBaseUser | None, engine: str) -> int:
        """Of one picture by this engine."""
        return price_of(engine) if user is not None and user.pk in self.payers else 0


def require_credits(user: AbstractBaseUser | None, pictures: int = 1, engine: str = "") -> None:
    """A look before the work of asking; `within_credits` is what decides. Raises NoCreditsError."""
    if user is None:
        return
    standing, wanted = standing_of(user), pictures * price_of(engine)
    if not standing.covers(wanted):
        raise NoCreditsError(left=standing.left or 0, wanted=wanted, daily=standing.daily or 0)


@contextmanager
def within_credits(users: Iterable[AbstractBaseUser | None]) -> Iterator[Prices]:
    """What is opened in this block must be covered, together with all that waits already, or none of it is.

    In a transaction: whoever asks at the same moment waits until it ends, and then sees what was opened here.
    Answers what pictures cost these users. Raises NoCreditsError.
    """
    limited = {user.pk: user for user in users if user is not None and is_limited(user)}
    accounts = [(limited[pk], lock_account(limited[pk])) for pk in sorted(limited)]
    before = [account.balance - held_by(user) for user, account in accounts]
    yield Prices(frozenset(limited))
    for left, (user, account) in zip(before, accounts, strict=True):
        after = account.balance - held_by(user)
        if after < 0 and after < left:
            daily = standing_of(user).daily or 0
            raise NoCreditsError(left=max(left, 0), wanted=left - after, daily=daily)


def payers_of(job: GenerationJob) -> list[AbstractBaseUser]:
    """Who pays for what of a job is not finished."""
    unfinished = Version.objects.filter(slot__job=job, done_at=None, price__gt=0)
    not_begun = BatchItem.objects.filter(slot__job=job, version=None, price__gt=0)
    payers = Q(pk__in=unfinished.values("by")) | Q(pk__in=not_begun.values("batch__by"))
    return list(get_user_model().objects.filter(payers))


def charge(version: Version) -> None:
    """In the transaction that finishes its slot: a line of the ledger, once, and so much less in the account."""
    if not version.price or version.by_id is None:
        return
    values = {"user_id": version.by_id, "amount": version.price}
    _line, is_new = CreditCharge.objects.get_or_create(version=version.pk, defaults=values)
    if is_new:
        CreditAccount.objects.filter(user_id=version.by_id).update(balance=F("balance") - version.price)


@transaction.atomic
def give_plan(*, user: AbstractBaseUser, plan: CreditPlan | None) -> CreditAccount:
    """Another plan from now on (None is the usual one): its first credits come at once, what was left stays.

    Given again it changes nothing.
    """
    account = lock_account(user)
    if account.plan != plan:
        account.plan, account.day = plan, None
        CreditAccount.objects.filter(pk=account.pk).update(plan=plan, day=None)
        account = lock_account(user)
    return account
