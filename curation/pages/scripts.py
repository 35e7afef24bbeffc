"""What pages hand to their scripts: words in the reader's language, and paths of routes."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import get_language

ANY_UUID = UUID(int=0)
ANY_NUMBER = 10**9 + 7


def script_config(request: HttpRequest, **given: Any) -> dict[str, Any]:
    """For `json_script`, which also translates lazy texts."""
    return {"language": get_language(), "csrfToken": get_token(request), **given}


def path_with(variable: str, name: str, id_: Any = ANY_UUID) -> str:
    """The path of a route with `{variable}` in the place of its id."""
    return reverse(name, args=[id_]).replace(str(id_), f"{{{variable}}}")
