"""Following a bucket's events with `consume_s3_events`, beside a plain boto3 loop on the same queue and files.

    python -m benchmarks.bucket_events [--messages 2000] [--json FILE]

Over moto's server for S3 and SQS in a process of its own, in the same run. Ours, as a whole process: every message is
a new picture, which is read, described and registered; then the same messages again, where nothing is new. The peer
asks for and reads the same objects one by one (ReceiveMessage, HeadObject, GetObject, DeleteMessageBatch) and writes
nothing. Figures are seconds of processor time of the process that consumes, without what it takes to start.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import boto3
from botocore.config import Config

from benchmarks.own_server import migrate, scratch_environment
from benchmarks.sync import BUCKET, fill_bucket, print_rates
from tools.services.s3 import REGION, moto_process
from tools.services.sqs import notification

AT_ONCE = 10
WORKERS = 8


def main() -> None:
    arguments = _arguments()
    if arguments.peer:
        _consume(arguments.peer)
        return
    os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    with tempfile.TemporaryDirectory() as folder, moto_process() as endpoint:
        place = {"PICTURE_STORAGE": f"s3://{BUCKET}", "AWS_ENDPOINT_URL_S3": endpoint, "AWS_DEFAULT_REGION": REGION}
        events = {"AWS_ENDPOINT_URL_SQS": endpoint}
        environment = scratch_environment(
            folder, DJANGO_SETTINGS_MODULE="garden.settings.local", **place, **events, AWS_ENDPOINT_URL=endpoint
        )
        migrate(environment)
        keys = fill_bucket(
            boto3.client("s3", region_name=REGION, endpoint_url=endpoint, config=Config(max_pool_connections=WORKERS)),
            arguments.messages,
            WORKERS,
        )
        peer = [sys.executable, "-m", "benchmarks.bucket_events", "--peer"]
        ours = [sys.executable, "manage.py", "consume_s3_events", "--until-empty", "--wait", "0", "--queue-url"]
        seconds = {
            "boto3, one by one": _beyond_start(peer, endpoint, keys, environment),
            "consume_s3_events, all new": _beyond_start(ours, endpoint, keys, environment),
            "consume_s3_events, nothing new": _beyond_start(ours, endpoint, keys, environment),
        }
    print_rates(seconds, arguments.messages, "messages", "CPU s")
    if arguments.json:
        arguments.json.write_text(json.dumps({"messages": arguments.messages, "seconds": seconds}, indent=2))


def _beyond_start(command: list[str], endpoint: str, keys: list[str], environment: dict[str, str]) -> float:
    """Seconds of processor time for all messages, without those of a run on an empty queue."""
    idle = _processor_seconds([*command, _new_queue(endpoint, [])], environment)
    return _processor_seconds([*command, _new_queue(endpoint, keys)], environment) - idle


def _processor_seconds(command: list[str], environment: dict[str, str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _new_queue(endpoint: str, keys: list[str]) -> str:
    client = boto3.client("sqs", region_name=REGION, endpoint_url=endpoint)
    url: str = client.create_queue(QueueName=f"garden-{os.urandom(8).hex()}")["QueueUrl"]
    for start in range(0, len(keys), AT_ONCE):
        bodies = [notification(BUCKET, key) for key in keys[start : start + AT_ONCE]]
        entries: Any = [{"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)]
        client.send_message_batch(QueueUrl=url, Entries=entries)
    return url


def _consume(queue_url: str) -> None:
    """The peer."""
    sqs, s3 = boto3.client("sqs", region_name=REGION), boto3.client("s3", region_name=REGION)
    while messages := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=AT_ONCE).get("Messages"):
        for message in messages:
            key = unquote_plus(json.loads(message["Body"])["Records"][0]["s3"]["object"]["key"])
            s3.head_object(Bucket=BUCKET, Key=key)
            s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        entries: Any = [{"Id": str(at), "ReceiptHandle": each["ReceiptHandle"]} for at, each in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=queue_url, Entries=entries)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peer", metavar="QUEUE_URL", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
