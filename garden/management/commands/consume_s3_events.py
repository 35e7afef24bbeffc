"""Hear what a bucket tells through its queue."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from garden.models.message import SetAsideMessage
from garden.storage.events import UnreadableMessageError, carry_out, consume

_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")


class Command(BaseCommand):
    help = (
        "Hear the bucket's events from an SQS queue, and register and withdraw images as files come and go. "
        "Runs until it is stopped; what it did not finish is heard again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--queue-url", default=settings.S3_EVENTS_QUEUE_URL, help="default: S3_EVENTS_QUEUE_URL")
        parser.add_argument("--until-empty", action="store_true", help="stop when the queue holds nothing more")
        parser.add_argument("--seconds", type=float, default=0, help="stop after so many seconds")
        parser.add_argument("--wait", type=int, default=20, help="seconds to wait for a message, at most 20")
        parser.add_argument("--retry", action="store_true", help="first try again what was set aside")

    def handle(self, *args: Any, **options: Any) -> None:
        bucket = getattr(default_storage, "bucket_name", "")
        if not bucket or not options["queue_url"]:
            raise CommandError(
                "Name the queue by --queue-url or S3_EVENTS_QUEUE_URL, and the bucket by PICTURE_STORAGE."
            )
        if options["retry"]:
            self._retry(bucket)
        self._listen(bucket, options)

    def _listen(self, bucket: str, options: dict[str, Any]) -> None:
        import boto3

        client = boto3.client(
            "sqs", endpoint_url=settings.S3_EVENTS_ENDPOINT_URL, region_name=settings.S3_EVENTS_REGION
        )
        deadline = time.monotonic() + options["seconds"] if options["seconds"] else None
        wait = 1 if options["until_empty"] else 20
        for batch in consume(client, options["queue_url"], bucket, wait=min(wait, options["wait"])):
            if batch.received:
                self.stdout.write(f"{batch.done} done, {batch.set_aside} set aside, {batch.received} heard")
            if deadline and time.monotonic() > deadline:
                return
            if options["until_empty"] and not batch.received and not _holds_messages(client, options["queue_url"]):
                return

    def _retry(self, bucket: str) -> None:
        for message in SetAsideMessage.objects.oldest_first():
            try:
                carry_out(message.body, bucket)
            except UnreadableMessageError as error:
                self.stderr.write(f"{message}: {error.detail}")
            else:
                message.delete()


def _holds_messages(client: Any, queue_url: str) -> bool:
    """Also those that failed, or that another consumer received, and that come again: they are invisible meanwhile."""
    counts = client.get_queue_attributes(QueueUrl=queue_url, AttributeNames=_COUNTS)["Attributes"]
    return any(int(counts.get(name, 0)) for name in _COUNTS)
