"""Pictures in a bucket of Amazon S3 or a compatible server."""

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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

from garden.aws import client_config
from garden.storage.backends import PictureStorage, StoredFile
from garden.storage.outages import is_outage, retrying

_ABSENT = ("404", "NoSuchKey")
_CONNECTIONS = 64
LONGEST_SIGNATURE = 7 * 86_400
"""Seconds: Signature Version 4 allows no more."""
_OTHER_HEADERS = ("ContentDisposition", "ContentEncoding", "ContentLanguage")


class PictureS3Storage(S3Storage, PictureStorage):
    """Saving under a taken name replaces the object, as everywhere here; S3 shows no reader half of one."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.client_config: Config = client_config(connections=_CONNECTIONS).merge(self.client_config)

    def __str__(self) -> str:
        return f"s3://{self.bucket_name}/{self.folder}".rstrip("/")

    @cached_property
    def client(self) -> Any:
        """One for all threads: making one takes longer than sending a picture."""
        return self.connection.meta.client

    def _retry(self, action: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """boto3 repeats a request that is answered with an error; this one also where the answer breaks off."""
        return retrying(self.patience)(action, *arguments, **options)

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "file_overwrite": True, "signature_version": "s3v4"}

    @property
    def public_base(self) -> str | None:
        """The prefix of a key in its URL; None if each URL is signed."""
        if self.querystring_auth:
            return None
        if not self.custom_domain:
            return self._endpoint[0]
        return f"https://{self.custom_domain}/{self.folder}"

    @property
    def signed_seconds(self) -> int | None:
        """How long a URL is valid; None where URLs are not signed."""
        return self.querystring_expire if self.querystring_auth else None

    def url(  # type: ignore[override]  # As S3Storage's.
        self, name: str, parameters: Any = None, expire: int | None = None, http_method: str | None = None
    ) -> str:
        """A signed address stays the same for `querystring_expire` seconds, so that browsers keep the picture.

        It is valid for at least as long, and for at most twice as long. boto3 signs with the present second, and takes
        a third of a millisecond for each address, also where nothing is to be signed.
        """
        if parameters or expire or http_method:
            signed: str = S3Storage.url(self, name, parameters, expire, http_method)
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
        with _absent_as_not_found(source):
            self.client.copy(origin, self.bucket_name, self._normalize_name(target))

    def read(self, key: str) -> bytes:
        """By one request, where `open` needs three. Raises FileNotFoundError, or ConnectionError."""
        try:
            content: bytes = self._retry(self._read, key)
        except Exception as error:
            if is_outage(error):
                raise ConnectionError(f"{key} breaks off: {error}") from error
            raise
        return content

    def _read(self, key: str) -> bytes:
        with _absent_as_not_found(key):
            answer = self.client.get_object(Bucket=self.bucket_name, Key=self._normalize_name(key))
        content: bytes = answer["Body"].read()
        return content

    def write(self, key: str, data: bytes) -> None:
        """The server checks the SHA-256 of what came."""
        self._retry(self._write, key, data, base64.b64encode(hashlib.sha256(data).digest()).decode())

    def _write(self, key: str, data: bytes, checksum: str) -> None:
        name = f"{self.folder}{key}"
        answer = self.client.put_object(
            Bucket=self.bucket_name, Key=name, Body=data, ChecksumSHA256=checksum, **self._headers(key)
        )
        stored = answer.get("ChecksumSHA256")
        if stored != checksum and (stored or (self._head(key) or {}).get("ContentLength") != len(data)):
            raise ConnectionError(f"{key} did not arrive whole.")

    def delete(self, name: str) -> None:
        self._retry(super().delete, name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        found: tuple[list[str], list[str]] = self._retry(super().listdir, name)
        return found

    def stat(self, key: str) -> StoredFile | None:
        facts = self._head(key)
        if facts is None or is_folder_marker(key, facts["ContentLength"]):
            return None
        return _stored(key, facts["ContentLength"], facts)

    def _head(self, key: str) -> dict[str, Any] | None:
        # The storage's own normalization would take the slash off a folder marker.
        name = f"{self.folder}{key}"
        with suppress(FileNotFoundError), _absent_as_not_found(key):
            facts: dict[str, Any] = self._retry(self.client.head_object, Bucket=self.bucket_name, Key=name)
            return facts
        return None

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
            self.client.copy_object(
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

    def walk(self, folder: str) -> Iterator[StoredFile]:
        """A thousand a request. Raises FileNotFoundError where there is no such bucket.

        boto3's paginator ends at an error: a listing that is tried again would look complete.
        """
        which = {"Bucket": self.bucket_name, "Prefix": f"{self.folder}{folder}/"}
        more = True
        while more:
            with _absent_as_not_found(f"There is no bucket {self.bucket_name}.", ("NoSuchBucket",)):
                page = self._retry(self.client.list_objects_v2, **which)
            for entry in page.get("Contents", []):
                key = entry["Key"].removeprefix(self.folder)
                if not is_folder_marker(key, entry["Size"]):
                    yield _stored(key, entry["Size"], entry)
            more = which["ContinuationToken"] = page.get("NextContinuationToken")

    @property
    def folder(self) -> str:
        """The prefix of every key in the bucket: empty, or ending with a slash."""
        return f"{self.location.strip('/')}/" if self.location.strip("/") else ""

    @cached_property
    def _endpoint(self) -> tuple[str, str]:
        """The prefix of a key in the bucket's own URL, and the region of signatures, both from boto3."""
        signed: str = self.client.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket_name, "Key": f"{self.folder}x"}, ExpiresIn=60
        )
        _key, _day, region, *_ = parse_qs(urlsplit(signed).query)["X-Amz-Credential"][0].split("/")
        return signed.partition("?")[0].removesuffix("x"), region

    @cached_property
    def _credentials(self) -> Any:
        return self._create_session().get_credentials()


@contextmanager
def _absent_as_not_found(words: str, codes: tuple[str, ...] = _ABSENT) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            raise FileNotFoundError(words) from error
        raise


def _stored(key: str, size: int, facts: dict[str, Any]) -> StoredFile:
    tag = facts["ETag"].strip('"')
    return StoredFile(key, size, facts["LastModified"], tag, tag)


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
