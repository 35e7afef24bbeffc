"""Errors as clients see them: `{"code", "detail", …}` and a fitting status, never a stack trace."""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db.utils import InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from garden.errors import DatabaseUnavailableError, GardenError
from garden.faces.base import NoFaceError

logger = logging.getLogger(__name__)
HOW_TO_SIGN_IN = "Send a kiosk's key as `x-api-key`, or an account's token as `Authorization: Token …`."
_IDLE_IN_TRANSACTION = "25P03"
"""PostgreSQL ended a transaction that was idle for too long; psycopg takes it for an error of the program."""


def answer_error(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's EXCEPTION_HANDLER."""
    if isinstance(error, NoFaceError):
        return HttpResponse("No Face", status=404, content_type="text/plain")
    if isinstance(error, GardenError):
        return _answer_garden_error(error)
    if isinstance(error, SuspiciousOperation):
        return _answer_suspicious(error)
    if is_away(error):
        return _answer_garden_error(as_unavailable(error))
    response = exception_handler(error, context)
    if response is None:
        return _answer_surprise(error, context)
    response.data = _problem(error, response)
    return response


def _answer_garden_error(error: GardenError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return Response({"code": error.code, "detail": error.detail, **error.extra}, status=error.status, headers=headers)


def is_away(error: BaseException | None) -> bool:
    """Whether the same request may succeed later: no connection, no answer in time, no room, a lock that stays."""
    if isinstance(error, (OperationalError, InterfaceError)):
        return True
    return getattr(getattr(error, "__cause__", None), "sqlstate", None) == _IDLE_IN_TRANSACTION


def as_unavailable(error: Exception) -> DatabaseUnavailableError:
    """The response where the database is unavailable, busy for too long, or out of space; the log names the cause."""
    logger.error("The database is unavailable: %s", str(error).partition("\n")[0])
    return DatabaseUnavailableError("The database is unavailable. Nothing was changed; try again in a moment.")


def _answer_suspicious(error: SuspiciousOperation) -> Response:
    """Django's bounds on a request: bytes, fields, files."""
    if isinstance(error, RequestDataTooBig):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        detail = f"The request has more than {limit} bytes."
        return Response({"code": "request_too_large", "detail": detail, "max_bytes": limit}, status=413)
    return Response({"code": "refused", "detail": "This request exceeds what the garden accepts."}, status=400)


def _answer_surprise(error: Exception, context: dict[str, Any]) -> Response:
    logger.error("%s failed", type(context.get("view")).__name__, exc_info=error)
    return Response({"code": "server_error", "detail": "Server error; it was logged."}, status=500)


def _problem(error: Exception, response: Response) -> dict[str, Any]:
    if isinstance(error, exceptions.ValidationError):
        return {"code": "invalid", "detail": _first_sentence(error.detail), "fields": error.detail}
    if isinstance(error, Http404):
        return {"code": "not_found", "detail": "There is nothing here."}
    if isinstance(error, PermissionDenied):
        return {"code": "permission_denied", "detail": str(error) or "You may not do this."}
    detail = getattr(error, "detail", "")
    code = getattr(detail, "code", "error")
    return {"code": code, "detail": HOW_TO_SIGN_IN if code == "not_authenticated" else str(detail)}


def _first_sentence(detail: Any, field: str = "") -> str:
    """The first complaint of a validation error, with the field it is about; empty where there is none.

    The errors of a list hold an empty part for each entry that is right.
    """
    if isinstance(detail, dict):
        return next(filter(None, (_first_sentence(value, str(name)) for name, value in detail.items())), "")
    if isinstance(detail, list):
        return next(filter(None, (_first_sentence(value, field) for value in detail)), "")
    return f"{field}: {detail}" if field and field != "non_field_errors" else str(detail)
