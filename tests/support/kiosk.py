"""What a kiosk sends."""

from typing import Any

from rest_framework.test import APIClient


def show_photo(api: APIClient, photo: bytes, content_type: str = "image/jpeg", **headers: str) -> Any:
    """POST the bytes of a photo to `/emotion`, as kiosks do."""
    return api.generic("POST", "/emotion", photo, content_type, headers=headers)  # type: ignore[arg-type]
