"""Apply the events of a bucket from its queue."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from garden.aws import make_client
from garden.storage.bucket_events import LONG_POLL_SECONDS, Consumer


class Command(BaseCommand):
    help = (
        "Receive the bucket's events from an SQS queue; register and withdraw images as files are created and removed. "
        "Runs until it is stopped; unfinished messages are received again. A message that cannot be applied is logged "
        "and deleted; sync_storage finds what it was about."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue-url", required=True, help="the SQS queue of the bucket's events")
        parser.add_argument("--until-empty", action="store_true", help="stop when the queue is empty")
        parser.add_argument("--seconds", type=float, default=0, help="stop after so many seconds")
        parser.add_argument("--wait", type=int, default=20, help="seconds to wait for a message, at most 20")
        parser.add_argument(
            "--patience", type=float, default=600, help="seconds to wait during an outage of storage or queue"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bucket = getattr(default_storage, "bucket_name", "")
        if not bucket:
            raise CommandError("Set PICTURE_STORAGE to the bucket.")
        client = make_client("sqs", read_timeout=LONG_POLL_SECONDS + 10)
        folder = getattr(default_storage, "folder", "")
        consumer = Consumer(client, options["queue_url"], bucket, folder, options["patience"])
        deadline = time.monotonic() + options["seconds"] if options["seconds"] else None
        wait = 1 if options["until_empty"] else 20
        was_empty = False
        for batch in consumer.consume(wait=min(wait, options["wait"])):
            if batch.received:
                self.stdout.write(f"{batch.done} applied, {batch.given_up} discarded, {batch.received} received")
            if deadline and time.monotonic() > deadline:
                return
            is_empty = options["until_empty"] and not batch.received and not consumer.has_messages()
            if was_empty and is_empty:
                return
            was_empty = is_empty  # One count is not enough: a message that just becomes visible may be in none.
