"""Apply the events of a bucket from its queue."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from garden.storage.bucket_events import LONG_POLL_SECONDS, Consumer
from garden.storage.outages import client_config


class Command(BaseCommand):
    help = (
        "Receive the bucket's events from an SQS queue; register and withdraw images as files come and go. "
        "Runs until it is stopped; messages that it did not finish are received again. First it tries again the "
        "messages that were set aside."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue-url", required=True, help="the SQS queue of the bucket's events")
        parser.add_argument("--until-empty", action="store_true", help="stop when the queue holds nothing more")
        parser.add_argument("--seconds", type=float, default=0, help="stop after so many seconds")
        parser.add_argument("--wait", type=int, default=20, help="seconds to wait for a message, at most 20")
        parser.add_argument("--retry", action="store_true", help="only try again what was set aside")
        parser.add_argument(
            "--patience", type=float, default=600, help="seconds to wait for a storage or queue that is away"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bucket = getattr(default_storage, "bucket_name", "")
        if not bucket:
            raise CommandError("Name the bucket by PICTURE_STORAGE.")
        import boto3

        client = boto3.client(
            "sqs",
            config=client_config(read_timeout=LONG_POLL_SECONDS + 10),
        )
        folder = getattr(default_storage, "folder", "")
        consumer = Consumer(client, options["queue_url"], bucket, folder, options["patience"])
        for message in consumer.retry_set_aside():
            self.stderr.write(f"{message}: {message.error}")
        if not options["retry"]:
            self._consume(consumer, options)

    def _consume(self, consumer: Consumer, options: dict[str, Any]) -> None:
        deadline = time.monotonic() + options["seconds"] if options["seconds"] else None
        wait = 1 if options["until_empty"] else 20
        for batch in consumer.consume(wait=min(wait, options["wait"])):
            if batch.received:
                self.stdout.write(f"{batch.done} done, {batch.set_aside} set aside, {batch.received} received")
            if deadline and time.monotonic() > deadline:
                return
            if options["until_empty"] and not batch.received and not consumer.has_messages():
                return
