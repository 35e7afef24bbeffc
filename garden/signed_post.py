"""One JSON POST to a receiver elsewhere, signed where there is a secret: of alarms and of webhooks."""

import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

TIMEOUT = (3.05, 5)
"""Seconds to connect, and to wait for the response, whose body is not read."""
_FIRST_WAIT = timedelta(seconds=15)


class PostError(Exception):
    """The receiver did not accept the message. The text leaves out its address, which is a secret of many chats."""


def post_signed(url: str, message: dict[str, Any], secret: str) -> None:
    """Raises PostError: any status but 2xx is a refusal, also a redirect."""
    import requests  # Takes 40 ms, and most processes post nothing.

    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "User-Agent": "emotion-garden"}
    if secret:
        now = str(int(time.time()))
        headers |= {"X-Garden-Timestamp": now, "X-Garden-Signature": f"sha256={sign(body, now, secret)}"}
    try:
        with requests.post(
            url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
        ) as response:
            status = response.status_code
    except requests.Timeout:
        raise PostError("the receiver did not answer in time") from None
    except requests.RequestException as error:
        raise PostError(f"the receiver cannot be reached ({type(error).__name__})") from None
    if not 200 <= status < 300:
        raise PostError(f"the receiver answered {status}")


def sign(body: bytes, at: str, secret: str) -> str:
    """HMAC-SHA-256 over the time and the body, so that an old message cannot be sent again."""
    return hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()


def wait_after(attempts: int, longest: timedelta) -> timedelta:
    """Until the next try, after so many in vain."""
    return min(_FIRST_WAIT * (1 << min(attempts, 16)), longest)
