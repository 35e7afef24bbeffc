"""A seed's deployment on moto's server: a bucket whose events go to a queue, and three DynamoDB tables."""

import gzip
import hashlib
import io
import json
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import PIL.Image
from botocore.config import Config

from garden.vocabulary import Emotion, Gender, Generation
from tools.services.ports import wait_until
from tools.services.s3 import REGION, new_bucket
from tools.services.sqs import by_event_bridge, by_sns, notification

FAVORITES = ["", "spring,cloudy,day", "black cat", "봄,꽃 밭", "1+1=2", "50%2C off", "100%", "a&b'c(d)"]
PREFIXES = ("emotions/", "imgPool/")
THEN = 1_679_300_000_000
"""Milliseconds, as the seeds write them."""
DEEP = 100_000
MALFORMED = [
    "",
    "null",
    "[]",
    '{"Records": [{}]}',
    '{"Type": "Notification", "Message": "x"}',
    '{"detail-type": "Object Created", "detail": {"bucket": {"name": "BUCKET"}, "object": {"key": 7}}}',
    "[" * DEEP,
]
BROKEN = [
    {"USER_ID": {"S": "broken 1"}, "GENERATION": {"S": "martian"}},
    {"USER_ID": {"S": "broken 2"}, "EMOTION": {"S": "hungry"}},
]
"""Rows of the table of users that no rule allows."""
AT_ONCE = 10
VISIBILITY = 15
"""Seconds after which a message that a killed consumer held comes again."""
THREADS = 8


@dataclass(frozen=True)
class Size:
    pictures: int = 120
    users: int = 100
    likes: int = 250


class Seed:
    """`hashes()` is what its bucket holds; `users` and `likes` are what its tables hold, without the broken rows."""

    def __init__(self, endpoint: str, size: Size) -> None:
        self._endpoint, self._dice = endpoint, random.Random(7)
        self.s3, self._sqs, self._tables = (self._client(name) for name in ("s3", "sqs", "dynamodb"))
        self.bucket = new_bucket(endpoint)
        self.queue: str = self._new_queue()
        self._send_events_to_queue()
        self.keys = [self.new_key() for _ in range(size.pictures)]
        self.put(self.keys)
        self.s3.put_object(Bucket=self.bucket, Key="emotions/", Body=b"")  # As consoles show a folder.
        self.users = {_user(number)["USER_ID"]["S"]: _user(number) for number in range(size.users)}
        self.likes = [self._like(number) for number in range(size.likes)]
        self._fill("images", [self._picture(key) for key in self.keys], "ObjKey")
        self._fill("users", [*self.users.values(), *BROKEN], "USER_ID")
        self._fill("interactions", self.likes, "USER_ID", "TIMESTAMP")

    def new_key(self) -> str:
        """A fifth of the pictures is in the pool, a tenth of those without an emotion."""
        number, dice = uuid.UUID(int=self._dice.getrandbits(128)).hex, self._dice
        root, emotion = ("imgPool" if dice.random() < 0.2 else "emotions"), dice.choice(list(Emotion))
        if root == "imgPool" and dice.random() < 0.1:
            return f"imgPool/free text {number}_0v.jpeg"
        folders = [root, emotion, dice.choice(FAVORITES), f"img_20230320-121242 {number}_0h.jpeg"]
        return "/".join(filter(None, folders))

    def put(self, keys: Iterable[str]) -> None:
        """Pictures, none like another, without cache headers."""
        contents = [(key, _jpeg() + self._dice.randbytes(16)) for key in keys]
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda each: self.s3.put_object(Bucket=self.bucket, Key=each[0], Body=each[1]), contents))

    def remove(self, key: str) -> None:
        self.s3.delete_object(Bucket=self.bucket, Key=key)

    def hashes(self, bucket: str = "") -> dict[str, str]:
        """SHA-256 by key of the pictures in a bucket; the seed's own without a name."""
        name = bucket or self.bucket
        keys = [key for key in self.listed(name) if key.startswith(PREFIXES) and not key.endswith("/")]

        def read(key: str) -> str:
            return hashlib.sha256(self.s3.get_object(Bucket=name, Key=key)["Body"].read()).hexdigest()

        with ThreadPoolExecutor(THREADS) as pool:
            return dict(zip(keys, pool.map(read, keys), strict=True))

    def listed(self, bucket: str) -> list[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return [entry["Key"] for page in pages for entry in page.get("Contents", [])]

    def have_headers(self) -> bool:
        with ThreadPoolExecutor(THREADS) as pool:
            heads = list(pool.map(lambda key: self.s3.head_object(Bucket=self.bucket, Key=key), self.keys))
        return all(head.get("CacheControl") and head["ContentType"] == "image/jpeg" for head in heads)

    def export_tables(self, folder: Path) -> None:
        """What `ExportTableToPointInTime` leaves in a bucket, downloaded; moto writes no manifests."""
        target = new_bucket(self._endpoint)
        for table in ("images", "users", "interactions"):
            self._export(table, target)
        for key in self.listed(target):
            file = folder / f"{key.removesuffix('.gz')}.json.gz"
            file.parent.mkdir(parents=True)
            file.write_bytes(self.s3.get_object(Bucket=target, Key=key)["Body"].read())
            items = len(gzip.decompress(file.read_bytes()).splitlines())
            manifest = file.parents[1] / "manifest-files.json"
            manifest.write_text(json.dumps({"itemCount": items, "dataFileS3Key": key}) + "\n")
            (file.parents[1] / "manifest-summary.json").write_text(json.dumps({"itemCount": items}))

    def send(self, bodies: Iterable[str]) -> None:
        for some in _slices(list(bodies), AT_ONCE):
            entries = [{"Id": str(place), "MessageBody": body or " "} for place, body in enumerate(some)]
            self._sqs.send_message_batch(QueueUrl=self.queue, Entries=entries)

    def repeat_events(self, keys: Iterable[str]) -> int:
        """Each twice, as three services write them, created and removed, in any order; returns how many."""
        bodies = [body for key in keys for body in self._forms(key)] * 2
        self._dice.shuffle(bodies)
        self.send(bodies)
        return len(bodies)

    def send_malformed(self) -> int:
        self.send(body.replace("BUCKET", self.bucket) for body in MALFORMED)
        return len(MALFORMED)

    def messages(self, *, visible_only: bool = False) -> int:
        kinds = [""] if visible_only else ["", "NotVisible", "Delayed"]
        names: Any = [f"ApproximateNumberOfMessages{kind}" for kind in kinds]
        facts = self._sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=names)["Attributes"]
        return sum(int(facts[name]) for name in names)

    def _forms(self, key: str) -> Iterator[str]:
        created, removed = (
            notification(self.bucket, key, f"Object{what}") for what in ("Created:Put", "Removed:Delete")
        )
        yield from (created, removed, by_sns(created), by_event_bridge(self.bucket, key))

    def _client(self, service: str) -> Any:
        config = Config(max_pool_connections=2 * THREADS)
        return boto3.client(service, region_name=REGION, endpoint_url=self._endpoint, config=config)  # type: ignore[call-overload]

    def _new_queue(self) -> str:
        attributes = {"VisibilityTimeout": str(VISIBILITY)}
        url: str = self._sqs.create_queue(QueueName=f"seed-{uuid.uuid4().hex}", Attributes=attributes)["QueueUrl"]
        return url

    def _send_events_to_queue(self) -> None:
        arn = self._sqs.get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        rules = [
            {
                "QueueArn": arn,
                "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": prefix}]}},
            }
            for prefix in PREFIXES
        ]
        self.s3.put_bucket_notification_configuration(
            Bucket=self.bucket, NotificationConfiguration={"QueueConfigurations": rules}
        )

    def _like(self, number: int) -> dict[str, Any]:
        shown = self._dice.sample(self.keys, 4)
        return {
            "USER_ID": {"S": _user(number % len(self.users))["USER_ID"]["S"]},
            "ITEM_ID": {"S": shown[0]},
            "TIMESTAMP": {"N": str(THEN + 1_000 * number)},
            "EVENT_TYPE": {"S": "click"},
            "IMPRESSION": {"L": [{"S": key} for key in shown]},
        }

    def _picture(self, key: str) -> dict[str, Any]:
        folders = key.split("/")[1:-1]
        message = "/".join(folders) if folders and self._dice.random() < 0.9 else "UNKNOWN"
        return {"ObjKey": {"S": key}, "Timestamp": {"N": str(THEN)}, "Emotion": {"S": message}}

    def _fill(self, table: str, items: list[dict[str, Any]], *names: str) -> None:
        schema = [
            {"AttributeName": name, "KeyType": kind} for name, kind in zip(names, ("HASH", "RANGE"), strict=False)
        ]
        kinds = [{"AttributeName": name, "AttributeType": "N" if name == "TIMESTAMP" else "S"} for name in names]
        self._tables.create_table(
            TableName=table, KeySchema=schema, AttributeDefinitions=kinds, BillingMode="PAY_PER_REQUEST"
        )
        for some in _slices(items, 25):
            self._tables.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in some]})

    def _export(self, table: str, bucket: str) -> None:
        arn = self._tables.describe_table(TableName=table)["Table"]["TableArn"]
        restorable = {"PointInTimeRecoveryEnabled": True}
        self._tables.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=restorable)
        export = self._tables.export_table_to_point_in_time(TableArn=arn, S3Bucket=bucket, S3Prefix=table)
        name = export["ExportDescription"]["ExportArn"]
        wait_until(lambda: self._is_exported(name))

    def _is_exported(self, export: str) -> bool:
        status = self._tables.describe_export(ExportArn=export)["ExportDescription"]["ExportStatus"]
        assert status != "FAILED", export
        return bool(status == "COMPLETED")


def _user(number: int) -> dict[str, Any]:
    """Every seventh is nobody whom Rekognition knew."""
    known = number % 7 > 0
    return {
        "USER_ID": {"S": f"방문자 {number}"},
        "GENERATION": {"S": list(Generation)[number % len(Generation)]},
        "GENDER": {"S": list(Gender)[number % len(Gender)]},
        "EMOTION": {"S": list(Emotion)[number % len(Emotion)] if known else "UNKNOWN"},
    }


def _jpeg() -> bytes:
    stream = io.BytesIO()
    PIL.Image.effect_noise((160, 100), 80).save(stream, "JPEG")
    return stream.getvalue()


def _slices(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))
