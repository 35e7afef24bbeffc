"""One person asks for many retouches at once: `python -m tests.faults.spending prepare CREDITS`, `ask THREADS`, `settle
THREADS`.

Every asker is a thread with a connection of its own, and all of them begin together. Prints JSON.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

SURE = ("calm", "refused")
"""What is asked for before the crowd comes: whoever is quickest there, one picture is made and one fails."""


def prepare(daily: int) -> dict[str, Any]:
    from tests.generation.credits.samples import curator, retouch

    cleo = curator(daily=daily)
    for prompt in SURE:
        retouch(cleo, prompt=[prompt])
    return {"left": standing(cleo)}


def ask(threads: int) -> dict[str, int]:
    """How many were granted and how many refused; anything else is named."""
    reported: Counter[str] = Counter()
    together = threading.Barrier(max(threads, 1))
    askers = [
        threading.Thread(target=_closing, args=(lambda number=number: _ask(together, reported, number),))
        for number in range(threads)
    ]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    return dict(reported)


def settle(threads: int) -> list[dict[str, Any]]:
    """What there is; again when it was made while others asked for more; again when that was made, too."""
    from generation.queue.worker import work

    found = [tell()]
    for askers in (threads, 0):
        worker = threading.Thread(target=_closing, args=(lambda: work(engines=["quick"]),))
        worker.start()
        ask(askers)
        worker.join()
        found.append(tell())
    return found


def tell() -> dict[str, Any]:
    from django.db.models import Sum

    from generation.models import CreditAccount, CreditCharge, Version

    return {
        "left": standing(_cleo()),
        "balance": CreditAccount.objects.get().balance,
        "charged": CreditCharge.objects.aggregate(sum=Sum("amount"))["sum"] or 0,
        "lines": CreditCharge.objects.count(),
        "done": Version.objects.done().count(),
        "versions": Version.objects.count(),
    }


def standing(user: Any) -> int | None:
    from generation.credits import standing_of

    return standing_of(user).left


def _ask(together: threading.Barrier, reported: Counter[str], number: int) -> None:
    from generation.credits import NoCreditsError
    from tests.generation.credits.samples import retouch

    prompt = ["refused"] if number % 5 == 0 else ["calm"]
    try:
        together.wait()
        retouch(_cleo(), prompt=prompt)
        reported["granted"] += 1
    except NoCreditsError:
        reported["refused"] += 1
    except Exception as error:  # Whatever it was is told by the test.
        reported[repr(error)] += 1


def _closing(work: Callable[[], Any]) -> None:
    from django.db import connection

    try:
        work()
    finally:
        connection.close()


def _cleo() -> Any:
    from django.contrib.auth.models import User

    return User.objects.get(username="cleo")


VERBS: dict[str, Callable[[int], Any]] = {"prepare": prepare, "ask": ask, "settle": settle}

if __name__ == "__main__":
    django.setup()
    verb, number = sys.argv[1:]
    sys.stdout.write(json.dumps(VERBS[verb](int(number))))
