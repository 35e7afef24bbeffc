"""Start an import job of Personalize, which reads CSV files from S3, and wait for it."""

import re
import time
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from garden.errors import GardenError
from recommend.backends.personalize.client import PersonalizeClient

READY = "ACTIVE"
FAILED = "CREATE FAILED"


class ImportFailedError(GardenError):
    """The job ended without an import; the service's reason is the detail."""

    code = "import_failed"


def wait_for_import(client: PersonalizeClient, arn: str, every: float, longest: float) -> Iterator[str]:
    """Each status polled, the last one READY. Raises ImportFailedError, also after too long a time."""
    until = time.monotonic() + longest
    while True:
        job: dict[str, Any] = client.call("personalize", "describe_dataset_import_job", datasetImportJobArn=arn)
        found = job["datasetImportJob"]
        yield found["status"]
        if found["status"] == READY:
            return
        if found["status"] == FAILED:
            raise ImportFailedError(f"{arn}: {found.get('failureReason', 'no reason given')}")
        if time.monotonic() > until:
            raise ImportFailedError(f"{arn} is still {found['status']} after {longest:.0f} s; it continues at Amazon.")
        time.sleep(every)


class Command(BaseCommand):
    help = (
        "Start a dataset import job of Amazon Personalize from CSV files in S3 (see export_dataset). Exit code 0: "
        "started, or with --wait done; 1: refused, failed, or not done in time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("location", metavar="S3_URL", help="s3://bucket/dataset/interactions")
        parser.add_argument("--dataset", required=True, metavar="ARN", help="dataset to import into")
        parser.add_argument("--role", required=True, metavar="ARN", help="role with which Personalize reads the bucket")
        parser.add_argument("--name", default="", help="of the job; default: from the dataset and the time")
        parser.add_argument("--mode", choices=("FULL", "INCREMENTAL"), default="FULL", help="replace or add")
        parser.add_argument("--wait", action="store_true", help="wait until it is done")
        parser.add_argument("--every", type=float, default=30, help="polling interval in seconds")
        parser.add_argument("--longest", type=float, default=7_200, help="seconds to wait at most")
        parser.add_argument("--region", default="", help="default: boto3's own")
        parser.add_argument("--endpoint-url", default="", help="another URL than Amazon's")
        parser.add_argument("--dry-run", action="store_true", help="only print the request")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["location"].startswith("s3://"):
            raise CommandError(f"{options['location']!r} is not an s3:// URL: Personalize reads from S3 only.")
        job = _job(options)
        if options["dry_run"]:
            where = f"{options['location']} into {options['dataset']} ({options['mode']})"
            self.stdout.write(f"{job['jobName']} would import {where}.")
            return
        client = PersonalizeClient(options["region"], options["endpoint_url"], read_timeout=30)
        try:
            arn = str(client.call("personalize", "create_dataset_import_job", **job)["datasetImportJobArn"])
            self.stdout.write(arn)
            if options["wait"]:
                for status in wait_for_import(client, arn, options["every"], options["longest"]):
                    self.stdout.write(status)
        except GardenError as error:
            raise CommandError(error.detail) from error


def _job(options: dict[str, Any]) -> dict[str, Any]:
    """Parameters of CreateDatasetImportJob."""
    name = options["name"] or f"{options['dataset'].rpartition('/')[2]}-{timezone.now():%Y%m%d-%H%M%S}"
    return {
        "jobName": re.sub(r"[^a-zA-Z0-9\-_]", "-", name)[:63],
        "datasetArn": options["dataset"],
        "dataSource": {"dataLocation": options["location"]},
        "roleArn": options["role"],
        "importMode": options["mode"],
    }
