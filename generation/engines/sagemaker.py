"""Pictures from a fleet of Amazon SageMaker endpoints."""

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from PIL import Image

from garden.aws import make_client
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
from generation.engines.sagemaker_payload import EXTRA_FIELDS, INPAINT_FIELDS, read_picture, request_body
from generation.retouch.settings import working_size

if TYPE_CHECKING:
    from botocore.exceptions import ClientError
    from types_boto3_sagemaker_runtime import SageMakerRuntimeClient

INPAINT_AREA = 512 * 512
"""Pixels that inpainting models of JumpStart were trained with."""
POLL_SECONDS = 0.25
THROTTLED = {"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"}


class PictureRefusedError(RefusedError):
    """The model refused this picture; its own words are the detail."""

    code = "picture_refused"


class EndpointsStartingError(EngineUnavailableError):
    """No endpoint is there yet: the queue tries again after 100 and 200 s, and Amazon needs up to five minutes."""

    retry_after = 100


class EndpointError(Exception):
    """One endpoint did not make the picture. `again`: another try there may succeed; `refused`: none ever will."""

    def __init__(self, words: str, *, again: bool = False, refused: bool = False, starting: bool = False) -> None:
        super().__init__(words)
        self.again, self.refused, self.starting = again, refused, starting


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


class Fleet:
    """The endpoints of one engine, shared by all threads: free places are taken round robin.

    A fast endpoint gives its places back sooner, and so makes more.
    """

    def __init__(self, engine: SageMakerEngine, endpoints: Sequence[str], extra_fields: Sequence[str]) -> None:
        self._engine, self._endpoints, self._extra_fields = engine, tuple(endpoints), tuple(extra_fields)
        self._free = [*self._endpoints] * engine.parallel
        self._changed = threading.Condition()

    def run(self, requests: Sequence[PictureRequest | InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        """Pictures in the order of the requests; those before one that failed are still made.

        The error of the first that failed is raised last, after those behind it that were finished meanwhile. Calls
        that are under way when it is stopped end without being waited for.
        """
        self._clients  # noqa: B018  # Raises MisconfiguredError before a picture begins.
        stopped = threading.Event()
        places = len(self._endpoints) * self._engine.parallel
        pool = ThreadPoolExecutor(max_workers=places, thread_name_prefix="sagemaker")

        def cancel_rest(ended: Future[Picture]) -> None:
            """Results after a failure are discarded."""
            if not ended.cancelled() and ended.exception() is not None:
                pool.shutdown(wait=False, cancel_futures=True)

        try:
            futures = [pool.submit(self._make, index, request, stopped) for index, request in enumerate(requests)]
            for future in futures:
                future.add_done_callback(cancel_rest)
            for index, future in enumerate(futures):
                is_done = False
                while not is_done:
                    wait([one for one in futures if not one.done()], POLL_SECONDS, FIRST_COMPLETED)
                    is_done = future.done()
                    on_step(sum(one.done() for one in futures) / len(futures))
                if future.exception() is not None:
                    ended = (later for later in futures[index + 1 :] if later.done() and not later.cancelled())
                    yield from (later.result() for later in ended if later.exception() is None)
                yield future.result()
        finally:
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)

    def _make(self, index: int, request: PictureRequest | InpaintRequest, stopped: threading.Event) -> Picture:
        """At one endpoint after the other. Raises EngineUnavailableError, PictureRefusedError, BadPictureError or
        MisconfiguredError."""
        target = request.target if isinstance(request, InpaintRequest) else request
        body, content_type = request_body(request, self._extra_fields)
        failed: dict[str, EndpointError] = {}
        bad_answers = 0
        while len(failed) < len(self._endpoints):
            endpoint = self._take_place(failed, stopped)
            begun = time.perf_counter()
            try:
                image = _fitted(self._invoke(endpoint, body, content_type), request, endpoint)
                return Picture(index, image, target, "sagemaker", target.model or endpoint, time.perf_counter() - begun)
            except EndpointError as error:
                bad_answers += error.again
                if bad_answers >= self._engine.attempts:
                    raise EngineUnavailableError(f"Given up after {bad_answers} tries. {error}") from error
                if not error.again:
                    failed[endpoint] = error
            finally:
                self._give_back(endpoint)
        words = "; ".join(map(str, failed.values()))
        if all(error.refused for error in failed.values()):
            raise PictureRefusedError(words)
        is_starting = any(error.starting for error in failed.values())
        unavailable = EndpointsStartingError if is_starting else EngineUnavailableError
        raise unavailable(f"No SageMaker endpoint can be used now. {words}")

    def _take_place(self, failed: Collection[str], stopped: threading.Event) -> str:
        """A free place at an endpoint where the picture has not failed; waits for it."""
        with self._changed:
            while not stopped.is_set():
                for name in self._free:
                    if name not in failed:
                        self._free.remove(name)
                        return name
                self._changed.wait(POLL_SECONDS)
        raise EngineUnavailableError("It was stopped before its turn came.")

    def _give_back(self, endpoint: str) -> None:
        with self._changed:
            self._free.append(endpoint)
            self._changed.notify_all()

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


def _fitted(answer: bytes, request: PictureRequest | InpaintRequest, endpoint: str) -> Image.Image:
    """The picture of an answer. Raises EndpointError, PictureRefusedError or BadPictureError."""
    try:
        image = read_picture(answer)
    except ValueError as error:
        raise EndpointError(f"{endpoint}: {error}", again=True) from error
    if isinstance(request, InpaintRequest):
        # Some models repaint in a size of their own; all of the rectangle is in it.
        image = image.resize((request.target.width, request.target.height), Image.Resampling.LANCZOS)
    elif image.size != (request.width, request.height):
        raise PictureRefusedError(
            f"{endpoint} made {image.width}×{image.height} where {request.width}×{request.height} was requested.",
            endpoint=endpoint,
        )
    if all(low == high for low, high in image.getextrema()):  # type: ignore[misc]
        raise BadPictureError(f"{endpoint} made a picture of one colour.")
    return image
