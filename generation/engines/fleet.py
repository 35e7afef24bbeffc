"""Several endpoints that make pictures over the network, each so many at once; a picture goes to the next free one."""

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Protocol

from PIL import Image

from garden.errors import RefusedError
from generation.engines.base import (
    BadPictureError,
    EngineUnavailableError,
    InpaintRequest,
    OnStep,
    Picture,
    PictureRequest,
)

POLL_SECONDS = 0.25


class PictureRefusedError(RefusedError):
    """The model refused this picture; its own words are the detail."""

    code = "picture_refused"


class EndpointsStartingError(EngineUnavailableError):
    """No endpoint is there yet: the queue tries again after 100 and 200 s, and Amazon needs up to five minutes."""

    retry_after = 100


class EndpointError(Exception):
    """One endpoint did not make the picture. `again`: another try there may succeed; `refused`: none ever will.

    For `rest` seconds its place stays taken: it has too much to do.
    """

    def __init__(
        self, words: str, *, again: bool = False, refused: bool = False, starting: bool = False, rest: float = 0.0
    ) -> None:
        super().__init__(words)
        self.again, self.refused, self.starting, self.rest = again, refused, starting, rest


class Caller(Protocol):
    """How endpoints of one kind are called."""

    def prepare(self) -> None:
        """Raises MisconfiguredError before a picture begins."""

    def call(self, endpoint: str, request: PictureRequest | InpaintRequest) -> Image.Image:
        """Raises EndpointError, PictureRefusedError or MisconfiguredError."""

    def model(self, endpoint: str, request: PictureRequest) -> str:
        """What provenance calls the model."""


class Fleet:
    """The endpoints of one engine, shared by all threads: free places are taken round robin.

    A fast endpoint gives its places back sooner, and so makes more.
    """

    def __init__(
        self, *, engine: str, kind: str, endpoints: Sequence[str], caller: Caller, parallel: int, attempts: int
    ) -> None:
        """`kind` is what errors call an endpoint."""
        self._engine, self._kind, self._endpoints, self._caller = engine, kind, tuple(endpoints), caller
        self._parallel, self._attempts = parallel, attempts
        self._free = [*self._endpoints] * parallel
        self._changed = threading.Condition()

    def run(self, requests: Sequence[PictureRequest | InpaintRequest], on_step: OnStep) -> Iterator[Picture]:
        """Pictures in the order of the requests; those before one that failed are still made.

        The error of the first that failed is raised last, after those behind it that were finished meanwhile. Calls
        that are under way when it is stopped end without being waited for.
        """
        self._caller.prepare()
        stopped = threading.Event()
        places = len(self._endpoints) * self._parallel
        pool = ThreadPoolExecutor(max_workers=places, thread_name_prefix=self._engine)

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
        failed: dict[str, EndpointError] = {}
        bad_answers = 0
        while len(failed) < len(self._endpoints):
            endpoint = self._take_place(failed, stopped)
            begun = time.perf_counter()
            try:
                image = fitted(self._caller.call(endpoint, request), request, endpoint)
                seconds = time.perf_counter() - begun
                return Picture(index, image, target, self._engine, self._caller.model(endpoint, target), seconds)
            except EndpointError as error:
                stopped.wait(error.rest)
                bad_answers += error.again
                if bad_answers >= self._attempts:
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
        raise unavailable(f"No {self._kind} can be used now. {words}")

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


def fitted(image: Image.Image, request: PictureRequest | InpaintRequest, endpoint: str) -> Image.Image:
    """The picture of an answer in the requested size. Raises PictureRefusedError or BadPictureError."""
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
