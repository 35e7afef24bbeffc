"""Answers that are sent only when they changed (RFC 9110, section 13.1.2)."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from rest_framework.request import Request
from rest_framework.response import Response


def answer_unless_known(request: Request, data: dict[str, Any]) -> Response:
    """200 with an ETag, or 304 where the client names the ETag of just this answer."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, cls=DjangoJSONEncoder).encode()).hexdigest()
    etag = f'"{digest[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    return Response(status=304, headers=headers) if etag in known else Response(data, headers=headers)
