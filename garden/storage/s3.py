"""Pictures in a bucket: Amazon's or any other that speaks S3."""

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from django.utils.encoding import filepath_to_uri
from storages.backends.s3 import S3Storage

from garden.storage.backends import StoredFile
from garden.storage.outages import client_config, is_outage, retrying

_ABSENT = ("404", "NoSuchKey")
_read_retrying = retrying(10.0)
"""boto3 repeats a request that the server answers with an error, but not one whose answer breaks off."""
LONGEST_SIGNATURE = 7 * 86_400
"""Seconds: Signature Version 4 allows no more."""
_OTHER_HEADERS = ("ContentDisposition", "ContentEncoding", "ContentLanguage")


class PictureS3Storage(S3Storage):
    """Saving under a taken name replaces the object, as everywhere here; S3 shows no reader half of one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = client_config().merge(self.client_config)

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": True, "signature_version": "s3v4"}

    @property
    def public_base(self) -> str | None:
        """What stands before a key in its URL; None where every URL is signed on its own."""
        if self.querystring_auth:
            return None
        if not self.custom_domain:
            return self._endpoint[0]
        return f"https://{self.custom_domain}/{self.folder}"

    @property
    def signed_seconds(self) -> int | None:
        """How long a URL is valid; None where URLs are not signed."""
        return self.querystring_expire if self.querystring_auth else None

    def url(self, name: str, parameters: Any = None, expire: int | None = None, http_method: str | None = None) -> str:
        """A signed address stays the same for `querystring_expire` seconds, so that browsers keep the picture.

        It is valid for at least as long, and for at most twice as long. boto3 signs with the present second, and takes
        a third of a millisecond for each address, also where nothing is to be signed.
        """
        if parameters or expire or http_method:
            signed: str = super().url(name, parameters, expire, http_method)
            return signed
        if self.public_base is None:
            return self._signed(name)
        return f"{self.public_base}{filepath_to_uri(name)}"

    def _signed(self, name: str) -> str:
        address, region = self._endpoint
        request = AWSRequest("GET", address + quote(name, safe="/~"))
        now, window = int(time.time()), signing_window(self.querystring_expire)
        begin, valid = datetime.fromtimestamp(now - now % window, UTC), self.querystring_expire + window
        _QueryAuthAt(begin, self._credentials.get_frozen_credentials(), region, valid).add_auth(request)
        return str(request.url)

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
        """A whole file by one request, where `open` needs three. Raises FileNotFoundError, or ConnectionError."""
        try:
            content: bytes = _read_retrying(self._read, key)
        except Exception as error:
            if is_outage(error):
                raise ConnectionError(f"{key} breaks off: {error}") from error
            raise
        return content

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
        facts = self._head(key)
        if facts is None or is_folder_marker(key, facts["ContentLength"]):
            return None
        return StoredFile(key, facts["ContentLength"], facts["LastModified"], facts["ETag"].strip('"'))

    def _head(self, key: str) -> dict[str, Any] | None:
        # The storage's own normalization would take the slash off a folder marker.
        name = f"{self.folder}{key}"
        try:
            facts: dict[str, Any] = self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return None
            raise
        return facts

    def has_headers(self, key: str) -> bool:
        """Whether the object has the type and cache headers that this storage would write; True where there is none."""
        facts = self._head(key)
        return facts is None or self._headers(key).items() <= facts.items()

    def set_headers(self, key: str) -> None:
        """Copy the object onto itself with the headers that this storage would write; all else of it stays.

        An object that is replaced at this moment is left as it is.
        """
        facts = self._head(key)
        if facts is None:
            return
        name = f"{self.folder}{key}"
        kept = {each: facts[each] for each in ("Metadata", "StorageClass", *_OTHER_HEADERS) if each in facts}
        try:
            self.connection.meta.client.copy_object(
                Bucket=self.bucket_name,
                Key=name,
                CopySource={"Bucket": self.bucket_name, "Key": name},
                CopySourceIfMatch=facts["ETag"],
                MetadataDirective="REPLACE",
                **(kept | self._headers(key)),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] not in (*_ABSENT, "PreconditionFailed"):
                raise

    def _headers(self, key: str) -> dict[str, Any]:
        headers: dict[str, Any] = self._get_write_parameters(f"{self.folder}{key}")
        return headers

    def walk(self, folder: str, after: str = "") -> Iterator[StoredFile]:
        """The files whose key begins with `folder/`, in key order, those after `after` alone; a thousand a request.

        Raises FileNotFoundError where there is no such bucket.
        """
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name,
            Prefix=f"{self.folder}{folder}/",
            StartAfter=f"{self.folder}{after}" if after else "",
        )
        for page in self._pages_of_bucket(pages):
            for entry in page.get("Contents", []):
                key = entry["Key"].removeprefix(self.folder)
                if not is_folder_marker(key, entry["Size"]):
                    yield StoredFile(key, entry["Size"], entry["LastModified"], entry["ETag"].strip('"'))

    def _pages_of_bucket(self, pages: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        try:
            yield from pages
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                raise FileNotFoundError(f"There is no bucket {self.bucket_name}.") from error
            raise

    @property
    def folder(self) -> str:
        """What stands before every key in the bucket: empty, or with a slash at its end."""
        return f"{self.location.strip('/')}/" if self.location.strip("/") else ""

    @cached_property
    def _endpoint(self) -> tuple[str, str]:
        """What stands before a key in the bucket's own URL, and the region to sign for: as boto3 says."""
        client = self.connection.meta.client
        signed: str = client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket_name, "Key": f"{self.folder}x"}, ExpiresIn=60
        )
        _key, _day, region, *_ = parse_qs(urlsplit(signed).query)["X-Amz-Credential"][0].split("/")
        return signed.partition("?")[0].removesuffix("x"), region

    @cached_property
    def _credentials(self) -> Any:
        return self._create_session().get_credentials()


def is_folder_marker(key: str, size: int) -> bool:
    """Consoles and other tools make an empty object `folder/` to show a folder."""
    return key.endswith("/") and size == 0


def signing_window(valid: int) -> int:
    """Seconds for which a signed address stays the same, where it is promised to be valid for `valid` seconds."""
    return max(1, min(valid, LONGEST_SIGNATURE - valid))


class _QueryAuthAt(S3SigV4QueryAuth):
    """Signs an address as of a given moment; botocore takes the present one."""

    def __init__(self, at: datetime, credentials: Any, region: str, expires: int) -> None:
        super().__init__(credentials, "s3", region, expires=expires)
        self._at = at

    def add_auth(self, request: AWSRequest) -> None:
        request.context["timestamp"] = self._at.strftime(SIGV4_TIMESTAMP)
        self._modify_request_before_signing(request)  # type: ignore[attr-defined]  # Not in botocore's stubs.
        text = self.string_to_sign(request, self.canonical_request(request))
        self._inject_signature_to_request(request, self.signature(text, request))  # type: ignore[attr-defined]  # Likewise.
