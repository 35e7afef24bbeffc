"""One call of an endpoint, and what its failure means."""

import threading
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PIL import Image

from garden.errors import MisconfiguredError, RefusedError
from generation.engines.base import BadPictureError, PictureRequest
from generation.engines.inpainting import InpaintRequest
from generation.engines.sagemaker.payload import (
    JSON,
    JSON_WITH_FILES,
    UnreadableAnswerError,
    ask_for,
    ask_to_repaint,
    read_picture,
)

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_sagemaker_runtime import SageMakerRuntimeClient


class EndpointError(Exception):
    """This endpoint failed; another try, best elsewhere, may succeed."""


class EndpointRefusalError(EndpointError):
    """This endpoint will fail every picture: it is gone, or may not be used."""


class PictureRefusedError(RefusedError):
    """The model refused this picture; its own words are the detail."""

    code = "picture_refused"


THROTTLED = {
    "ThrottlingException",
    "Throttling",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "ModelNotReadyException",
}


@dataclass
class EndpointClient:
    """Asks endpoints through boto3, which makes no tries of its own here: the fleet decides where the next goes."""

    region: str
    endpoint_url: str
    accept: str
    extra_fields: tuple[str, ...]
    connect_timeout: float
    read_timeout: float
    connections: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def make(self, endpoint: str, request: PictureRequest | InpaintRequest) -> Image.Image:
        """One picture of the requested size, from nothing or repainted.

        Raises EndpointError, EndpointRefusalError, PictureRefusedError, BadPictureError, or MisconfiguredError
        without region or credentials.
        """
        try:
            image = read_picture(self._ask(endpoint, request))
        except UnreadableAnswerError as error:
            raise EndpointError(f"{endpoint}: {error}") from error
        if isinstance(request, InpaintRequest):
            # Some models repaint in a size of their own; all of the rectangle is in it.
            request = request.asked
            image = image.resize((request.width, request.height), Image.Resampling.LANCZOS)
        _check(image, request, endpoint)
        return image

    def _ask(self, endpoint: str, request: PictureRequest | InpaintRequest) -> bytes:
        if isinstance(request, InpaintRequest):
            return self._invoke(endpoint, ask_to_repaint(request, self.extra_fields), JSON_WITH_FILES)
        return self._invoke(endpoint, ask_for(request, self.extra_fields), JSON)

    def prepare(self) -> None:
        """Load boto3 now, so that no picture's time includes it. Raises MisconfiguredError without it or a region."""
        try:
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise MisconfiguredError("SageMakerEngine needs boto3: pip install -r requirements/aws.txt.") from error
        try:
            with self._lock:  # Sessions of boto3 are not made for several threads at once; clients are.
                self._runtime  # noqa: B018 (made and kept)
        except BotoCoreError as error:
            raise MisconfiguredError(f"SageMaker cannot be asked: {error}") from error

    def _invoke(self, endpoint: str, body: bytes, content_type: str) -> bytes:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004
            HTTPClientError,
            IncompleteReadError,
        )

        try:
            answer = self._runtime.invoke_endpoint(
                EndpointName=endpoint, Body=body, ContentType=content_type, Accept=self.accept
            )
            return answer["Body"].read()
        except ClientError as error:
            raise meaning_of(error, endpoint) from error
        except (HTTPClientError, ConnectionError, IncompleteReadError) as error:
            raise EndpointError(f"{endpoint}: {error}") from error
        except BotoCoreError as error:
            raise MisconfiguredError(f"SageMaker cannot be asked: {error}") from error

    @cached_property
    def _runtime(self) -> "SageMakerRuntimeClient":
        import boto3
        from botocore.config import Config

        config = Config(
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            retries={"total_max_attempts": 1},
            max_pool_connections=self.connections,
        )
        return boto3.Session().client(
            "sagemaker-runtime",
            region_name=self.region or None,
            endpoint_url=self.endpoint_url or None,
            config=config,
        )


def meaning_of(error: "ClientError", endpoint: str) -> Exception:
    """What the service's answer says: try again, leave the endpoint, or the picture will never be made.

    The model's own verdict comes as ModelError with the status that its container answered.
    """
    response: Any = error.response
    code, words = response["Error"]["Code"], response["Error"]["Message"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    if code == "ModelError":
        status = response.get("OriginalStatusCode", 500)
        words = response.get("OriginalMessage") or words
    if code in THROTTLED or status == 429 or not 400 <= status < 500:
        return EndpointError(f"{endpoint}: {code}: {words}")
    if code == "ModelError":
        return PictureRefusedError(words, endpoint=endpoint)
    return EndpointRefusalError(f"{endpoint}: {code}: {words}")


def _check(image: Image.Image, request: PictureRequest, endpoint: str) -> None:
    if image.size != (request.width, request.height):
        raise PictureRefusedError(
            f"{endpoint} made {image.width}×{image.height} where {request.width}×{request.height} was asked.",
            endpoint=endpoint,
        )
    if all(low == high for low, high in image.getextrema()):  # type: ignore[misc]
        raise BadPictureError(f"{endpoint} made a picture of one colour.")
