"""A queue over real sockets, on the server that `tools.services.s3` starts."""

import json
import uuid
from typing import Any
from urllib.parse import quote_plus

import boto3

from tools.services.s3 import REGION


def sqs_client(endpoint: str) -> Any:
    return boto3.client("sqs", region_name=REGION, endpoint_url=endpoint)


def new_queue(endpoint: str, visibility: int = 0) -> str:
    """`visibility`: seconds after which a message that was received and not deleted comes again."""
    url: str = sqs_client(endpoint).create_queue(
        QueueName=f"garden-{uuid.uuid4().hex}", Attributes={"VisibilityTimeout": str(visibility)}
    )["QueueUrl"]
    return url


def notification(bucket: str, key: str, event: str = "ObjectCreated:Put") -> str:
    """As S3 writes it: the key URL-encoded, `+` for a space."""
    facts = {"bucket": {"name": bucket}, "object": {"key": quote_plus(key, safe="/"), "size": 1, "sequencer": "0A"}}
    return json.dumps({"Records": [{"eventSource": "aws:s3", "eventName": event, "s3": facts}]})


def by_sns(message: str) -> str:
    return json.dumps({"Type": "Notification", "TopicArn": "arn", "Message": message})


def by_event_bridge(bucket: str, key: str, event: str = "Object Created") -> str:
    """As EventBridge writes it: the key plain."""
    return json.dumps({"detail-type": event, "detail": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}}})
