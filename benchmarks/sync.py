"""Taking in a bucket of pictures with `sync_storage`, beside boto3 fetching the same files.

    python -m benchmarks.sync [--files 10000] [--workers 8] [--json FILE]

Over moto's server on this machine, in the same run. Ours, as whole processes: the first `sync_storage --apply` reads
every file, describes it and writes its row; the second finds that nothing changed. The peer, boto3 with as many
threads, only lists the bucket and reads every file, as `aws s3 sync` does, without writing anything.
"""

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import PIL.Image
from botocore.config import Config

from benchmarks.own_server import migrate, scratch_environment
from tools.services.s3 import REGION, moto_process

BUCKET = "garden"


def main() -> None:
    arguments = _arguments()
    os.environ |= {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    with tempfile.TemporaryDirectory() as folder, moto_process() as endpoint:
        client = boto3.client(
            "s3", region_name=REGION, endpoint_url=endpoint, config=Config(max_pool_connections=arguments.workers)
        )
        fill_bucket(client, arguments.files, arguments.workers)
        place = {"PICTURE_STORAGE": f"s3://{BUCKET}", "AWS_ENDPOINT_URL_S3": endpoint, "AWS_DEFAULT_REGION": REGION}
        environment = scratch_environment(folder, DJANGO_SETTINGS_MODULE="garden.settings.local", **place)
        migrate(environment)
        sync = [sys.executable, "manage.py", "sync_storage", "--apply", "--workers", str(arguments.workers)]
        seconds = {
            "boto3, list and read": _seconds_of(lambda: _fetch(client, arguments.workers)),
            "sync_storage, all new": _seconds_of(lambda: _run(sync, environment)),
            "sync_storage, nothing new": _seconds_of(lambda: _run(sync, environment)),
        }
    print_rates(seconds, arguments.files, "files")
    if arguments.json:
        arguments.json.write_text(json.dumps({"files": arguments.files, "seconds": seconds}, indent=2))


def fill_bucket(client: Any, files: int, workers: int) -> list[str]:
    """Small pictures, none like another; returns their keys."""
    client.create_bucket(Bucket=BUCKET)
    stream = io.BytesIO()
    PIL.Image.effect_noise((160, 100), 80).save(stream, "JPEG")
    content = stream.getvalue()

    def put(number: int) -> str:
        key = f"emotions/calm/img_20230320-121242_{number}h.jpeg"
        client.put_object(Bucket=BUCKET, Key=key, Body=content + number.to_bytes(8, "big"))
        return key

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(put, range(files)))


def _fetch(client: Any, workers: int) -> None:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    keys = [entry["Key"] for page in pages for entry in page["Contents"]]
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(lambda key: len(client.get_object(Bucket=BUCKET, Key=key)["Body"].read()), keys))


def _run(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def _seconds_of(action: Any) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def print_rates(seconds: dict[str, float], count: int, unit: str, clock: str = "seconds") -> None:
    """`seconds` begins with the peer's, then ours."""
    print(f"{'what':<34}{clock:>10}{f'{unit} a second':>20}{f'{unit} a minute':>20}")
    for name, taken in seconds.items():
        print(f"{name:<34}{taken:>10.2f}{count / taken:>20.0f}{60 * count / taken:>20,.0f}")
    peer, ours, *_ = seconds.values()
    print(f"ours / boto3: {ours / peer:.2f}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
