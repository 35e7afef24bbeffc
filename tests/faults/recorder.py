"""`python -m tests.faults.recorder COUNT`: writes the steps of so many photos into the record; COUNT 0: without end."""

import itertools
import sys
import uuid

import django


def main(count: int) -> None:
    django.setup()
    from django.utils import timezone

    from garden.privacy.processing_log import Receipt, append, note_dropped

    print("ready", flush=True)  # noqa: T201
    for _ in range(count) if count else itertools.count():
        receipt = Receipt(uuid.uuid4(), "Foyer", "eu", "abc", None)
        append([receipt.entry("received", timezone.now())])
        note_dropped(receipt, analysed_at=timezone.now(), outcome="read")


if __name__ == "__main__":
    main(int(sys.argv[1]))
