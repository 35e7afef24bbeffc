"""Pictures in a bucket: Amazon's or any other that speaks S3."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from garden.storage.stored import StoredFile

_ABSENT = ("404", "NoSuchKey")
_ATTEMPTS = 4
_BREAKS = (HTTPClientError, IncompleteReadError, HTTPError)
_IN_TIME = Config(connect_timeout=4, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 3})
"""boto3 would wait a minute for each of five tries."""


class PictureS3Storage(S3Storage):
    """Saving under a taken name replaces the object, as everywhere here; S3 shows no reader half of one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = _IN_TIME.merge(self.client_config)

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": True}

    @property
    def public_base(self) -> str | None:
        """What stands before a key in its URL; None where every URL is signed on its own."""
        if self.querystring_auth:
            return None
        if not self.custom_domain:
            return self._own_address()
        return f"https://{self.custom_domain}/{self._folder()}"

    @property
    def signed_seconds(self) -> int | None:
        """How long a URL is valid; None where URLs are not signed."""
        return self.querystring_expire if self.querystring_auth else None

    def url(self, name: str, parameters: Any = None, expire: int | None = None, http_method: str | None = None) -> str:
        """Unsigned URLs are put together here: boto3 takes a third of a millisecond for each."""
        if self.public_base is None or parameters or http_method:
            signed: str = super().url(name, parameters, expire, http_method)
            return signed
        return f"{self.public_base}{filepath_to_uri(name)}"

    def copy(self, source: str, target: str) -> None:
        """Copy an object inside the bucket; its bytes never come here. Raises FileNotFoundError."""
        origin = {"Bucket": self.bucket_name, "Key": self._normalize_name(source)}
        try:
            self.connection.meta.client.copy(origin, self.bucket_name, self._normalize_name(target))
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise FileNotFoundError(source) from error
            raise

    def read(self, key: str) -> bytes:
        """A whole file by one request, where `open` needs three. Raises FileNotFoundError, or OSError.

        boto3 asks again where the server is unwell; not where an answer breaks off.
        """
        for _ in range(_ATTEMPTS - 1):
            with suppress(*_BREAKS):
                return self._read(key)
        try:
            return self._read(key)
        except _BREAKS as error:
            raise OSError(f"{key} breaks off: {error}") from error

    def _read(self, key: str) -> bytes:
        try:
            answer = self.connection.meta.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(key))
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                raise FileNotFoundError(key) from error
            raise
        content: bytes = answer["Body"].read()
        return content

    def stat(self, key: str) -> StoredFile | None:
        """The object as it is now; None where there is none."""
        try:
            facts = self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=self._normalize_name(key))
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return StoredFile(key, facts["ContentLength"], facts["LastModified"], facts["ETag"].strip('"'))

    def walk(self, folder: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order, those after `after` alone; a thousand a request.

        Raises FileNotFoundError where there is no such bucket.
        """
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name,
            Prefix=f"{self._folder()}{folder}/",
            StartAfter=f"{self._folder()}{after}" if after else "",
        )
        for page in self._pages_of_bucket(pages):
            for entry in page.get("Contents", []):
                key = entry["Key"].removeprefix(self._folder())
                yield StoredFile(key, entry["Size"], entry["LastModified"], entry["ETag"].strip('"'))

    def _pages_of_bucket(self, pages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        try:
            yield from pages
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                raise FileNotFoundError(f"There is no bucket {self.bucket_name}.") from error
            raise

    def _folder(self) -> str:
        return f"{self.location.strip('/')}/" if self.location.strip("/") else ""

    def _own_address(self) -> str:
        client = self.connection.meta.client
        signed: str = client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket_name, "Key": f"{self._folder()}x"}, ExpiresIn=60
        )
        return signed.partition("?")[0].removesuffix("x")
