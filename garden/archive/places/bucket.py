"""A bucket, or a folder of one, that speaks S3."""

import base64
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import IO, Any

import boto3

from garden.archive.errors import DamagedError
from garden.archive.hashing import Content, pass_on, spool
from garden.archive.places.base import Place, Seen, refuse_if_other
from garden.archive.places.patience import patient_config, patiently
from garden.storage.s3 import PictureS3Storage, is_folder_marker


@lru_cache(maxsize=4)
def _session(profile: str | None, key: str | None, secret: str | None, token: str | None) -> Any:
    """One for all places: the second client of a session is made in a tenth of the time."""
    if profile:
        return boto3.Session(profile_name=profile)
    return boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token)


class BucketPlace(Place):
    """`public` writes with the type and cache headers that the site's storage gives its pictures."""

    def __init__(self, storage: PictureS3Storage, *, workers: int, public: bool = False) -> None:
        self._storage = storage
        self._public = public
        self._bucket: str = storage.bucket_name
        self._prefix = f"{storage.location.strip('/')}/" if storage.location.strip("/") else ""
        config = storage.client_config.merge(patient_config(workers))
        # One client for all threads: making one takes longer than sending a picture.
        session = _session(storage.session_profile, storage.access_key, storage.secret_key, storage.security_token)
        self._client: Any = session.client(
            "s3",
            region_name=storage.region_name,
            use_ssl=storage.use_ssl,
            endpoint_url=storage.endpoint_url,
            config=config,
            verify=storage.verify,
        )

    def __str__(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def folders(self) -> list[str]:
        pages = self._pages(Prefix=self._prefix, Delimiter="/")
        found = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", [])]
        return sorted(each.removeprefix(self._prefix).rstrip("/") for each in found)

    def walk(self, folder: str) -> Iterator[Seen]:
        now = time.time()
        for page in self._pages(Prefix=f"{self._prefix}{folder}/"):
            for entry in page.get("Contents", []):
                age = now - entry["LastModified"].timestamp()
                key = entry["Key"].removeprefix(self._prefix)
                if not is_folder_marker(key, entry["Size"]):
                    yield Seen(key, entry["Size"], entry["ETag"].strip('"'), age)

    def open(self, key: str) -> IO[bytes]:
        """Read whole before it is handed out, so that a connection that breaks off is nobody's trouble but ours."""
        return patiently(lambda: self._fetch(key), f"{self}/{key}")

    def receive(
        self, source: IO[bytes], name: Callable[[str], str], expected: str = "", *, resume: bool = False
    ) -> Content:
        with spool() as whole:
            content = pass_on(source, whole.write)
            key = name(content.sha256)
            refuse_if_other(content, expected, key)
            if not resume or self._size(key) != content.size:
                patiently(lambda: self._put(key, whole, content), f"{self}/{key}")
        return content

    def delete(self, key: str) -> None:
        patiently(lambda: self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key), f"{self}/{key}")

    def _pages(self, **which: str) -> Iterator[dict[str, Any]]:
        """Page by page: boto3's paginator ends at its first error, and a listing tried again would look complete."""
        page: dict[str, Any] = {"IsTruncated": True}
        while page.get("IsTruncated"):
            if token := page.get("NextContinuationToken"):
                which["ContinuationToken"] = token
            page = patiently(lambda: self._client.list_objects_v2(Bucket=self._bucket, **which), str(self))
            yield page

    def _fetch(self, key: str) -> IO[bytes]:
        answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
        whole = spool()
        try:
            content = pass_on(answer["Body"], whole.write)
            if content.size != answer["ContentLength"]:
                raise DamagedError(f"{content.size} of {answer['ContentLength']} bytes came.")
        except BaseException:
            whole.close()
            raise
        whole.seek(0)
        return whole

    def _put(self, key: str, whole: IO[bytes], content: Content) -> None:
        """The server checks the SHA-256 of what came; what it says it stored is checked here."""
        whole.seek(0)
        checksum = base64.b64encode(bytes.fromhex(content.sha256)).decode()
        headers = self._storage._get_write_parameters(key) if self._public else {}
        answer = self._client.put_object(
            Bucket=self._bucket, Key=self._prefix + key, Body=whole, ChecksumSHA256=checksum, **headers
        )
        if answer.get("ChecksumSHA256", checksum) != checksum or not self._holds(key, content, answer):
            raise DamagedError(f"{key} did not arrive whole.")

    def _holds(self, key: str, content: Content, answer: dict[str, Any]) -> bool:
        """Servers that do not tell the checksum of what they stored are asked for the file's size."""
        return "ChecksumSHA256" in answer or self._size(key) == content.size

    def _size(self, key: str) -> int | None:
        """Bytes of the object; None where there is none."""
        try:
            facts = patiently(lambda: self._client.head_object(Bucket=self._bucket, Key=self._prefix + key), key)
        except FileNotFoundError:
            return None
        return int(facts["ContentLength"])
