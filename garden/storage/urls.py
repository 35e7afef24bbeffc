"""Public addresses of images."""

from django.core.files.storage import FileSystemStorage, default_storage
from django.http import HttpRequest
from django.utils.encoding import filepath_to_uri


class PublicUrls:
    """Turns keys into absolute URLs; made once per request, cheap for thousands of keys."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._local_base = self._base_of_local_files()

    def __call__(self, key: str) -> str:
        if self._local_base is not None:
            return self._local_base + (filepath_to_uri(key) or "")
        return self._request.build_absolute_uri(default_storage.url(key))

    def _base_of_local_files(self) -> str | None:
        storage = getattr(default_storage, "_wrapped", default_storage)
        if not isinstance(storage, FileSystemStorage):
            return None
        return self._request.build_absolute_uri(storage.base_url)
