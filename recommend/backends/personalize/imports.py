"""Dataset import jobs: Personalize reads CSV files from S3 by itself; we ask it to, and wait."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from garden.errors import GardenError
from recommend.backends.personalize.client import PersonalizeClient

READY = "ACTIVE"
FAILED = "CREATE FAILED"


class ImportFailedError(GardenError):
    """The job ended without an import; the service's reason is the detail."""

    code = "import_failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportJob:
    """What to import: a folder or file of S3 (`s3://…`), read with a role, into a dataset."""

    name: str
    dataset: str
    location: str
    role: str
    mode: str = "FULL"


def start_import(client: PersonalizeClient, job: ImportJob) -> str:
    """Returns the job's ARN."""
    answer = client.call(
        "personalize",
        "create_dataset_import_job",
        jobName=job.name,
        datasetArn=job.dataset,
        dataSource={"dataLocation": job.location},
        roleArn=job.role,
        importMode=job.mode,
    )
    return str(answer["datasetImportJobArn"])


def wait_for_import(client: PersonalizeClient, arn: str, every: float, longest: float) -> Iterator[str]:
    """Each status as it is seen, the last one READY. Raises ImportFailedError, also when it takes too long."""
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
            raise ImportFailedError(f"{arn} is still {found['status']} after {longest:.0f} s; it goes on without us.")
        time.sleep(every)
