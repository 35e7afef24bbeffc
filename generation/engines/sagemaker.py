"""Pictures from a fleet of Amazon SageMaker endpoints."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from PIL import Image

from garden.aws import make_client
from garden.errors import MisconfiguredError
from generation.engines.base import (
    Ability,
    Engine,
    Inpainter,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
    UnsupportedAbilityError,
    check_inpaint,
    ignore_steps,
)
from generation.engines.fleet import EndpointError, Fleet, PictureRefusedError
from generation.engines.sagemaker_payload import EXTRA_FIELDS, INPAINT_FIELDS, read_picture, request_body
from generation.retouch.settings import working_size

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_sagemaker_runtime import SageMakerRuntimeClient

INPAINT_AREA = 512 * 512
"""Pixels that inpainting models of JumpStart were trained with."""
THROTTLED = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SageMakerEngine(Engine, Inpainter):
    """Pictures from SageMaker endpoints, in parallel; each picture goes to the next endpoint that is free.

    `parallel` is how many pictures one endpoint makes at once (its instances). `accept` as the endpoint
    understands it: `application/json;jpeg`, or `application/json` for older ones. `extra_fields` names fields
    beyond the seeds' payload that the model accepts: negative_prompt, seed. `inpaint_endpoints` are those of an
    inpainting model, and `inpaint_fields` its further fields: negative_prompt, seed, strength. `attempts` are those
    of boto3 for one endpoint. Timeouts in seconds. Region and credentials are boto3's own unless given.
    """

    name: ClassVar[str] = "sagemaker"

    endpoints: Sequence[str] = ()
    region: str = ""
    endpoint_url: str = ""
    accept: str = "application/json;jpeg"
    extra_fields: Sequence[str] = ()
    inpaint_endpoints: Sequence[str] = ()
    inpaint_fields: Sequence[str] = ()
    parallel: int = 1
    connect_timeout: float = 5
    read_timeout: float = 70  # Amazon ends an invocation after 60 s.
    attempts: int = 4
    _fleet: Fleet = field(init=False, repr=False, compare=False)
    _inpaint_fleet: Fleet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for name, fields, known in (
            ("extra_fields", self.extra_fields, EXTRA_FIELDS),
            ("inpaint_fields", self.inpaint_fields, INPAINT_FIELDS),
        ):
            if unknown := sorted(set(fields) - set(known)):
                raise MisconfiguredError(f"SageMakerEngine: unknown {name} {unknown}; known are {known}.")
        if not self.endpoints or len(set(self.endpoints)) < len(self.endpoints):
            raise MisconfiguredError("SageMakerEngine: endpoints must name one endpoint or more, each once.")
        if min(self.parallel, self.attempts) < 1:
            raise MisconfiguredError("SageMakerEngine: parallel and attempts must be at least 1.")
        for name, endpoints, fields in (
            ("_fleet", self.endpoints, self.extra_fields),
            ("_inpaint_fleet", self.inpaint_endpoints, self.inpaint_fields),
        ):
            fleet = Fleet(
                engine=self.name,
                kind="SageMaker endpoint",
                endpoints=endpoints,
                caller=SageMakerCaller(self, endpoints, fields),
                parallel=self.parallel,
                attempts=self.attempts,
            )
            object.__setattr__(self, name, fleet)

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.width, request.height)
        return self._fleet.run(requests, on_step)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        check_inpaint(self, requests)
        return self._inpaint_fleet.run(requests, on_step)

    def abilities(self, model: str = "") -> frozenset[Ability]:
        """JumpStart's inpainting models take neither line art nor a reference."""
        if not self.inpaint_endpoints:
            raise UnsupportedAbilityError(
                "SageMaker has no endpoint that repaints here: name some in inpaint_endpoints.", field="engine"
            )
        negative = {Ability.NEGATIVE} if "negative_prompt" in self.inpaint_fields else set()
        return frozenset({Ability.STEPS, Ability.GUIDANCE} | negative)

    def inpaint_size(self, width: int, height: int, model: str = "") -> tuple[int, int]:
        limits = self.limits
        return working_size(
            width, height, area=INPAINT_AREA, multiple=64, minimum=limits.minimum, maximum=limits.maximum
        )

    def batch_size(self, request: PictureRequest) -> int:
        """Two rounds: enough for faster endpoints to take a larger share."""
        return 2 * self.parallel * len(self.endpoints)


class SageMakerCaller:
    """Calls endpoints by InvokeEndpoint."""

    def __init__(self, engine: SageMakerEngine, endpoints: Sequence[str], extra_fields: Sequence[str]) -> None:
        self._engine, self._endpoints, self._extra_fields = engine, tuple(endpoints), tuple(extra_fields)

    def prepare(self) -> None:
        self._clients  # noqa: B018  # Raises MisconfiguredError.

    def model(self, endpoint: str, request: PictureRequest) -> str:
        return request.model or endpoint

    def call(self, endpoint: str, request: PictureRequest | InpaintRequest) -> Image.Image:
        body, content_type = request_body(request, self._extra_fields)
        answer = self._invoke(endpoint, body, content_type)
        try:
            return read_picture(answer)
        except ValueError as error:
            raise EndpointError(f"{endpoint}: {error}", again=True) from error

    @cached_property
    def _clients(self) -> "dict[str, SageMakerRuntimeClient]":
        """One for each endpoint, so that one that is throttled does not slow the others. Raises MisconfiguredError."""
        engine = self._engine
        return {
            endpoint: make_client(
                "sagemaker-runtime",
                region=engine.region,
                endpoint_url=engine.endpoint_url,
                connect_timeout=engine.connect_timeout,
                read_timeout=engine.read_timeout,
                attempts=engine.attempts,
                retry_mode="adaptive",
                connections=engine.parallel,
            )
            for endpoint in self._endpoints
        }

    def _invoke(self, endpoint: str, body: bytes, content_type: str) -> bytes:
        """The body of the answer. Raises EndpointError, PictureRefusedError or MisconfiguredError."""
        from botocore import exceptions

        try:
            answer = self._clients[endpoint].invoke_endpoint(
                EndpointName=endpoint, Body=body, ContentType=content_type, Accept=self._engine.accept
            )
            return answer["Body"].read()
        except exceptions.ClientError as error:
            raise _meaning_of(error, endpoint) from error
        except (exceptions.IncompleteReadError, exceptions.ResponseStreamingError) as error:
            raise EndpointError(f"{endpoint}: {error}", again=True) from error
        except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
            raise EndpointError(f"{endpoint}: {error}") from error
        except exceptions.BotoCoreError as error:
            raise MisconfiguredError(f"SageMaker cannot be used: {error}") from error


def _meaning_of(error: "ClientError", endpoint: str) -> Exception:
    """The model's own verdict comes as ModelError with the status that its container answered."""
    response: Any = error.response
    code, message = response["Error"]["Code"], response["Error"]["Message"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    if code == "ModelError":
        original, own_words = response.get("OriginalStatusCode", 500), response.get("OriginalMessage") or message
        if original != 429 and 400 <= original < 500:
            return PictureRefusedError(own_words, endpoint=endpoint)
        return EndpointError(f"{endpoint}: {code}: {own_words}", again=True)
    starting = code == "ModelNotReadyException"
    passing = starting or code in THROTTLED or status == 429 or not 400 <= status < 500
    return EndpointError(f"{endpoint}: {code}: {message}", refused=not passing, starting=starting)
