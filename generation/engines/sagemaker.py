"""Pictures from a fleet of Amazon SageMaker endpoints."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from PIL import Image

from garden.errors import MisconfiguredError, RefusedError
from generation.engines.base import (
    Ability,
    BadPictureError,
    Engine,
    EngineUnavailableError,
    Inpainter,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
    UnsupportedAbilityError,
    check_inpaint,
    ignore_steps,
)
from generation.engines.sagemaker_payload import (
    EXTRA_FIELDS,
    INPAINT_FIELDS,
    UnreadableAnswerError,
    read_picture,
    request_body,
)
from generation.retouch.settings import working_size

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_sagemaker_runtime import SageMakerRuntimeClient

INPAINT_AREA = 512 * 512
"""Pixels that inpainting models of JumpStart were trained with."""
POLL_SECONDS = 0.25
COLD_START_POLL_SECONDS = 5.0
"""Between two requests to an endpoint that is starting."""
THROTTLED = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}


class PictureRefusedError(RefusedError):
    """The model refused this picture; its own words are the detail."""

    code = "picture_refused"


class EndpointError(Exception):
    """One endpoint did not make the picture; it may be made elsewhere, or later."""


class BadAnswerError(EndpointError):
    """The model failed, or answered no picture: another try may succeed."""


class NotReadyError(EndpointError):
    """The endpoint is starting."""


class EndpointFailedError(EndpointError):
    """The endpoint failed after boto3's retries; it is left alone for a while."""


class EndpointRefusedError(EndpointFailedError):
    """The endpoint is gone, or may not be used."""


@dataclass(slots=True)
class Tries:
    """Of one picture: where it failed and was refused; until when (monotonic seconds) it waits for a cold start."""

    give_up_at: float
    failed_at: set[str] = field(default_factory=set)
    refused_at: set[str] = field(default_factory=set)
    bad_answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SageMakerEngine(Engine, Inpainter):
    """Pictures from SageMaker endpoints, in parallel; each picture goes to the next endpoint that is free.

    `parallel` is how many pictures one endpoint makes at once (its instances). `accept` as the endpoint
    understands it: `application/json;jpeg`, or `application/json` for older ones. `extra_fields` names fields
    beyond the seeds' payload that the model knows: negative_prompt, seed. `inpaint_endpoints` are those of an
    inpainting model, and `inpaint_fields` what it knows further: negative_prompt, seed, strength. `attempts` are those
    of boto3 for one endpoint. Timeouts, `cool_down` and `cold_start` in seconds. Region and credentials are boto3's
    own unless given.
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
    cool_down: float = 30
    cold_start: float = 300
    _fleet: "Fleet" = field(init=False, repr=False, compare=False)
    _inpaint_fleet: "Fleet" = field(init=False, repr=False, compare=False)

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
        object.__setattr__(self, "_fleet", Fleet(self, self.endpoints, self.extra_fields))
        object.__setattr__(self, "_inpaint_fleet", Fleet(self, self.inpaint_endpoints, self.inpaint_fields))

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

    def check(self) -> None:
        """Makes no request: it says what earlier ones showed."""
        if not self._fleet.is_usable:
            raise EngineUnavailableError("Every SageMaker endpoint failed lately; each is left alone for a while.")


class Fleet:
    """The endpoints of one engine, shared by all threads: free places are taken round robin.

    A fast endpoint gives its places back sooner, and so makes more.
    """

    def __init__(self, engine: SageMakerEngine, endpoints: Sequence[str], extra_fields: Sequence[str]) -> None:
        self._engine, self._endpoints, self._extra_fields = engine, tuple(endpoints), tuple(extra_fields)
        self._free = [*self._endpoints] * engine.parallel
        self._rests_until = dict.fromkeys(self._endpoints, 0.0)
        self._changed = threading.Condition()
        self._clients: dict[str, SageMakerRuntimeClient] = {}
        self._last_error = ""

    @property
    def is_usable(self) -> bool:
        return any(until <= time.monotonic() for until in self._rests_until.values())

    def run(self, requests: Sequence[PictureRequest] | Sequence[InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        """Pictures in the order of the requests; those before one that failed are still made.

        The error of the first that failed is raised last, after those behind it that were finished meanwhile. Calls
        that are under way when it is stopped end by themselves; nobody waits for them.
        """
        self._connect()
        stopped = threading.Event()
        places = len(self._endpoints) * self._engine.parallel
        pool = ThreadPoolExecutor(max_workers=places, thread_name_prefix="sagemaker")
        futures: list[Future[Picture]] = []

        def cancel_later_ones(failed: Future[Picture]) -> None:
            """Nobody will be handed what comes after a failure, so it is not begun."""
            if not failed.cancelled() and failed.exception() is not None:
                for later in futures[futures.index(failed) + 1 :]:
                    later.cancel()

        each: Sequence[PictureRequest | InpaintRequest] = requests
        try:
            futures += [pool.submit(self._make, index, request, stopped) for index, request in enumerate(each)]
            for future in futures:
                future.add_done_callback(cancel_later_ones)
            pending = set(futures)
            for index, future in enumerate(futures):
                while future in pending:
                    _, pending = wait(pending, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                    on_step(1 - len(pending) / len(futures))
                if future.exception() is not None:
                    yield from (later.result() for later in futures[index + 1 :] if _is_made(later))
                yield future.result()
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _make(self, index: int, request: PictureRequest | InpaintRequest, stopped: threading.Event) -> Picture:
        """Raises EngineUnavailableError, PictureRefusedError, BadPictureError or MisconfiguredError."""
        asked = request.asked if isinstance(request, InpaintRequest) else request
        body, content_type = request_body(request, self._extra_fields)
        tries = Tries(time.monotonic() + self._engine.cold_start)
        while True:
            endpoint = self._take_place(tries.failed_at, stopped)
            begun = time.perf_counter()
            try:
                image = _fitted(self._invoke(endpoint, body, content_type), request, endpoint)
                return Picture(index, image, asked, "sagemaker", asked.model or endpoint, time.perf_counter() - begun)
            except EndpointError as error:
                tries.failed_at.add(endpoint)
                self._prepare_next_try(error, endpoint, tries, stopped)
            finally:
                self._give_back(endpoint)

    def _prepare_next_try(self, error: EndpointError, endpoint: str, tries: Tries, stopped: threading.Event) -> None:
        """Leave the endpoint alone, or wait for it. Raises EngineUnavailableError or PictureRefusedError."""
        everywhere = {*self._endpoints}
        if isinstance(error, NotReadyError) and time.monotonic() < tries.give_up_at:
            if tries.failed_at == everywhere:
                stopped.wait(COLD_START_POLL_SECONDS)
        elif isinstance(error, BadAnswerError):
            tries.bad_answers += 1
            if tries.bad_answers >= self._engine.attempts:
                raise EngineUnavailableError(f"Given up after {tries.bad_answers} tries. {error}") from error
        else:
            self._rests_until[endpoint] = time.monotonic() + self._engine.cool_down
            self._last_error = str(error)
        if isinstance(error, EndpointRefusedError):
            tries.refused_at.add(endpoint)
            if tries.refused_at == everywhere:
                raise PictureRefusedError(str(error)) from error

    def _take_place(self, failed_at: set[str], stopped: threading.Event) -> str:
        """A free place, best at an endpoint where the picture has not failed; waits for it.

        Raises EngineUnavailableError when every endpoint is left alone.
        """
        with self._changed:
            while not stopped.is_set():
                usable = {name for name in self._endpoints if self._rests_until[name] <= time.monotonic()}
                if not usable:
                    break
                wanted = usable - failed_at or usable
                for name in self._free:
                    if name in wanted:
                        self._free.remove(name)
                        return name
                self._changed.wait(POLL_SECONDS)
        raise EngineUnavailableError(f"No SageMaker endpoint can be used now. {self._last_error}".strip())

    def _give_back(self, endpoint: str) -> None:
        with self._changed:
            self._free.append(endpoint)
            self._changed.notify_all()

    def _connect(self) -> None:
        """A client for each endpoint, so that one that is throttled does not slow the others.

        Raises MisconfiguredError without boto3, a region or credentials.
        """
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError
        except ImportError as error:
            raise MisconfiguredError("SageMakerEngine needs boto3: pip install -r requirements/aws.txt.") from error
        engine = self._engine
        config = Config(
            connect_timeout=engine.connect_timeout,
            read_timeout=engine.read_timeout,
            retries={"mode": "adaptive", "total_max_attempts": engine.attempts},
            max_pool_connections=engine.parallel,
        )
        try:
            with self._changed:  # Sessions of boto3 are not safe to share between threads; clients are.
                for endpoint in self._endpoints:
                    if endpoint not in self._clients:
                        self._clients[endpoint] = boto3.Session().client(
                            "sagemaker-runtime",
                            region_name=engine.region or None,
                            endpoint_url=engine.endpoint_url or None,
                            config=config,
                        )
        except BotoCoreError as error:
            raise MisconfiguredError(f"SageMaker cannot be used: {error}") from error

    def _invoke(self, endpoint: str, body: bytes, content_type: str) -> bytes:
        """The body of the answer. Raises NotReadyError, BadAnswerError, EndpointFailedError, PictureRefusedError, or
        MisconfiguredError."""
        from botocore import exceptions

        try:
            answer = self._clients[endpoint].invoke_endpoint(
                EndpointName=endpoint, Body=body, ContentType=content_type, Accept=self._engine.accept
            )
            return answer["Body"].read()
        except exceptions.ClientError as error:
            raise _meaning_of(error, endpoint) from error
        except (exceptions.IncompleteReadError, exceptions.ResponseStreamingError) as error:
            raise BadAnswerError(f"{endpoint}: {error}") from error
        except (exceptions.HTTPClientError, exceptions.ConnectionError) as error:
            raise EndpointFailedError(f"{endpoint}: {error}") from error
        except exceptions.BotoCoreError as error:
            raise MisconfiguredError(f"SageMaker cannot be used: {error}") from error


def _meaning_of(error: "ClientError", endpoint: str) -> Exception:
    """The model's own verdict comes as ModelError with the status that its container answered."""
    response: Any = error.response
    code, message = response["Error"]["Code"], response["Error"]["Message"]
    status = response["ResponseMetadata"]["HTTPStatusCode"]
    said = f"{endpoint}: {code}: {message}"
    if code == "ModelNotReadyException":
        return NotReadyError(said)
    if code == "ModelError":
        original = response.get("OriginalStatusCode", 500)
        if original != 429 and 400 <= original < 500:
            return PictureRefusedError(response.get("OriginalMessage") or message, endpoint=endpoint)
        return BadAnswerError(f"{endpoint}: {code}: {response.get('OriginalMessage') or message}")
    if code in THROTTLED or status == 429 or not 400 <= status < 500:
        return EndpointFailedError(said)
    return EndpointRefusedError(said)


def _fitted(answer: bytes, request: PictureRequest | InpaintRequest, endpoint: str) -> Image.Image:
    """The picture of an answer. Raises BadAnswerError, PictureRefusedError or BadPictureError."""
    try:
        image = read_picture(answer)
    except UnreadableAnswerError as error:
        raise BadAnswerError(f"{endpoint}: {error}") from error
    if isinstance(request, InpaintRequest):
        # Some models repaint in a size of their own; all of the rectangle is in it.
        image = image.resize((request.asked.width, request.asked.height), Image.Resampling.LANCZOS)
    elif image.size != (request.width, request.height):
        raise PictureRefusedError(
            f"{endpoint} made {image.width}×{image.height} where {request.width}×{request.height} was asked.",
            endpoint=endpoint,
        )
    if all(low == high for low, high in image.getextrema()):  # type: ignore[misc]
        raise BadPictureError(f"{endpoint} made a picture of one colour.")
    return image


def _is_made(future: Future[Picture]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
