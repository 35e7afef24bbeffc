"""A paid retouch, from its asking to its end, killed before each statement that writes and around each file.

`python -m tests.faults.credit_deaths asking|making|cancelling|withdrawing` lets a child die at each step, then does
what comes next, twice. Prints a JSON line a death: the credits that were found, before and after.
"""

import gc
import json
import sys
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import django

from tests.faults.killing import STRIDE, in_a_child
from tests.faults.retouch_deaths import deadly

MOST, CREDITS = 300, 3
Deed = Callable[[], Any]
Scenario = tuple[Any, Deed, Deed]
"""Who pays, what is killed, and what comes after it."""


def asking() -> Scenario:
    """The same request again, as a page sends it that got no answer."""
    from generation.retouch.edits import submit_retouch
    from tests.generation.retouch.samples import edit

    cleo, edit_id = _cleo(), uuid.uuid4()
    request_data = replace(edit(_canvas(cleo)), id=edit_id)

    def ask() -> None:
        submit_retouch(edits=[request_data], by=cleo, request_key=str(edit_id))

    return cleo, ask, ask


def making() -> Scenario:
    """Another worker, once the lease of the first is over."""
    cleo = _cleo()
    _slots_of(cleo, pictures=1)
    return cleo, _work, _work


def cancelling() -> Scenario:
    """One picture of a job of two is cancelled, then the other; and again by a page that got no answer."""
    from generation.jobs import cancel_slot

    cleo = _cleo()
    first, second = _slots_of(cleo, pictures=2)

    def cancel() -> None:
        for slot in (first, second):
            cancel_slot(slot=slot)

    return cleo, cancel, cancel


def withdrawing() -> Scenario:
    """A worker dies over a job of two; the first picture alone is cancelled, and another worker comes for the rest."""
    from generation.jobs import cancel_slot

    cleo = _cleo()
    first, _second = _slots_of(cleo, pictures=2)

    def go_on() -> None:
        cancel_slot(slot=first)
        _work()

    return cleo, _work, go_on


def credits_of(user: Any) -> dict[str, Any]:
    """What the account, the slots and the ledger say of somebody."""
    from generation.credits import reserved_credits, standing_of
    from generation.models import CreditAccount, CreditCharge, Version

    return {
        "left": standing_of(user).left,
        "balance": CreditAccount.objects.get(user=user).balance,
        "held": reserved_credits(user),
        "charged": CreditCharge.objects.filter(user=user).count(),
        "done": Version.objects.done().filter(by=user).count(),
    }


def _work() -> None:
    from django.utils import timezone

    from generation.models import Slot
    from generation.queue.leases import requeue_expired
    from generation.queue.worker import work

    Slot.objects.leased().update(lease_deadline=timezone.now() - timedelta(days=1))
    requeue_expired()
    work(engines=["quick"])


def _slots_of(user: Any, *, pictures: int) -> list[Any]:
    """Of a job that this user pays for, in their order."""
    from tests.generation.retouch.samples import ask, edit

    canvas = _canvas(user)
    return [version.slot for version in ask([edit(canvas) for _ in range(pictures)], by=user)]


def _cleo() -> Any:
    from tests.generation.credits.samples import curator

    return curator(daily=CREDITS, name=uuid.uuid4().hex)


def _canvas(user: Any) -> Any:
    from generation.retouch.pixels import encode_png
    from generation.retouch.versions import open_upload
    from tests.generation.retouch.samples import noisy

    return open_upload(content=encode_png(noisy()), title="a", by=user)


def main(name: str) -> None:
    django.setup()
    import cv2

    cv2.setNumThreads(0)  # Its threads would not live on in a child.
    gc.freeze()
    scenarios = {"asking": asking, "making": making, "cancelling": cancelling, "withdrawing": withdrawing}
    for action in scenarios[name]()[1:]:
        action()  # Everything is loaded once, and not in each child.
    for fatal in range(1, MOST, min(STRIDE, 2)):
        cleo, killed, after = scenarios[name]()

        def dying(fatal: int = fatal, killed: Deed = killed) -> None:
            with deadly(fatal):
                killed()

        survived = in_a_child(dying)
        between = credits_of(cleo)
        after()
        after()
        print(json.dumps({"step": fatal, "between": between, "after": credits_of(cleo)}))  # noqa: T201
        if survived:
            return


if __name__ == "__main__":
    main(sys.argv[1])
