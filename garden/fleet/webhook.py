"""Alarms as one JSON POST to ALERT_WEBHOOK_URL."""

import hashlib
import hmac
import json
import time

import requests
from django.conf import settings

from garden.fleet.news import describe_news
from garden.models import AlarmNotice

TIMEOUT = (3.05, 5)
"""Seconds to connect, and to wait for the answer, whose body nobody reads."""


class WebhookError(Exception):
    """It did not arrive. The sentence keeps the address to itself: whoever knows it may write to that chat."""


def post_webhook(notices: list[AlarmNotice]) -> None:
    """Raises WebhookError: any status but 2xx, and a redirect, is a refusal."""
    body = json.dumps(describe_news(notices), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "emotion-garden", **_signature(body)}
    status = _post(settings.ALERT_WEBHOOK_URL, body, headers)
    if not 200 <= status < 300:
        raise WebhookError(f"the receiver answered {status}")


def _post(address: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        with requests.post(
            address, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as answer:
            return answer.status_code
    except requests.Timeout:
        raise WebhookError("the receiver did not answer in time") from None
    except requests.RequestException as error:
        raise WebhookError(f"the receiver cannot be reached ({type(error).__name__})") from None


def sign(body: bytes, at: str, secret: str) -> str:
    """HMAC-SHA-256 over the time and the body: who knows the secret knows that it is ours and new."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def _signature(body: bytes) -> dict[str, str]:
    if not settings.ALERT_WEBHOOK_SECRET:
        return {}
    at = str(int(time.time()))
    signature = sign(body, at, settings.ALERT_WEBHOOK_SECRET)
    return {"X-Garden-Timestamp": at, "X-Garden-Signature": f"sha256={signature}"}
