"""Held while a picture waits, charged when it is finished, free again when it fails or is cancelled."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F, Q

from generation.credits.accounts import held_by, is_limited, lock_account, price_of, standing_of
from generation.credits.errors import NoCreditsError
from generation.models import BatchItem, CreditAccount, CreditCharge, CreditPlan, GenerationJob, Version


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
