"""One call of DetectFaces, and what its failure means to a visitor. No error of it tells anything of the photo."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from garden.emotion.base import AnalyzerUnavailableError
from garden.emotion.photo import PhotoTooLargeError, UnreadablePhotoError
from garden.errors import GardenError

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_rekognition import RekognitionClient
    from types_boto3_rekognition.type_defs import FaceDetailTypeDef

RetryMode = Literal["standard", "adaptive"]
logger = logging.getLogger(__name__)
MISSING = "Amazon Rekognition needs boto3: pip install -r requirements/aws.txt."
DENIED = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "SubscriptionRequiredException",
    "UnrecognizedClientException",
}


class AnalyzerDeniedError(AnalyzerUnavailableError):
    """The service does not let this site in: credentials, rights or region are not what they should be."""

    code = "analyzer_denied"


@dataclass(slots=True)
class FaceService:
    """Amazon Rekognition through boto3, for all threads; botocore makes the tries. Seconds."""

    region: str
    endpoint_url: str
    connect_timeout: float
    read_timeout: float
    attempts: int
    retry_mode: RetryMode
    _made: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def faces_in(self, jpeg: bytes) -> "Sequence[FaceDetailTypeDef]":
        """Raises AnalyzerUnavailableError, AnalyzerDeniedError, UnreadablePhotoError or PhotoTooLargeError."""
        client = self.prepare()
        from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

        problem: GardenError
        try:
            return client.detect_faces(Image={"Bytes": jpeg}, Attributes=["ALL"])["FaceDetails"]
        except ClientError as error:
            problem = meaning_of(error)
        except NoCredentialsError:
            problem = AnalyzerDeniedError("Amazon Rekognition: boto3 finds no credentials.")
        except BotoCoreError as error:
            problem = AnalyzerUnavailableError(f"Amazon Rekognition cannot be asked ({type(error).__name__}).")
        except KeyError:
            problem = AnalyzerUnavailableError("Amazon Rekognition gave no answer to the question.")
        # Raised here, not above: what a chained error refers to holds the photo.
        raise problem

    def prepare(self) -> "RekognitionClient":
        """The client, made once. Raises AnalyzerUnavailableError without boto3, or AnalyzerDeniedError without a
        region or credentials."""
        try:
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise AnalyzerUnavailableError(MISSING) from error
        try:
            with self._lock:  # Sessions of boto3 are not made for several threads at once; clients are.
                if "client" not in self._made:
                    self._made["client"] = self._make()
                client: RekognitionClient = self._made["client"]
                return client
        except BotoCoreError as error:
            raise AnalyzerDeniedError(f"Amazon Rekognition: {error}") from error

    def _make(self) -> "RekognitionClient":
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            retries={"total_max_attempts": self.attempts, "mode": self.retry_mode},
            max_pool_connections=32,
        )
        session = boto3.Session()
        if session.get_credentials() is None:
            raise AnalyzerDeniedError("Amazon Rekognition: boto3 finds no credentials.")
        return session.client(
            "rekognition",
            region_name=self.region or None,
            endpoint_url=self.endpoint_url or None,
            config=config,
        )


def meaning_of(error: "ClientError") -> GardenError:
    """The log is told Amazon's words, visitors are not: they may name accounts."""
    code = error.response["Error"]["Code"]
    logger.error("Amazon Rekognition answered %s: %s", code, error.response["Error"]["Message"])
    if code == "InvalidImageFormatException":
        return UnreadablePhotoError("Amazon Rekognition cannot open the photo.")
    if code == "ImageTooLargeException":
        return PhotoTooLargeError("The photo is too large for Amazon Rekognition.")
    if code in DENIED or error.response["ResponseMetadata"]["HTTPStatusCode"] in (401, 403):
        return AnalyzerDeniedError(f"Amazon Rekognition does not let this site in ({code}).")
    return AnalyzerUnavailableError(f"Amazon Rekognition cannot answer now ({code}).")
