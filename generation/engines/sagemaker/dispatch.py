"""One call of `make`: pictures sent over the fleet in parallel, tried again where that helps, yielded in order."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial

from garden.errors import GardenError
from generation.engines.base import EngineUnavailableError, OnStep, Picture, PictureRequest
from generation.engines.inpainting import InpaintRequest
from generation.engines.sagemaker.client import EndpointClient, EndpointError, EndpointRefusalError, PictureRefusedError
from generation.engines.sagemaker.fleet import Endpoint, Errand, Fleet

POLL_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a picture is tried, and the seconds before the second try; each later one waits twice as long."""

    attempts: int
    backoff: float

    def pause(self, attempts: int) -> float:
        """Full jitter: many workers that failed together do not come back together."""
        return random.uniform(0, self.backoff * 2 ** (attempts - 1))


class Dispatch:
    """Keeps the books of one call; the fleet keeps those that outlive it."""

    def __init__(self, fleet: Fleet, client: EndpointClient, retry: RetryPolicy, on_step: OnStep) -> None:
        self._fleet, self._client, self._retry, self._on_step = fleet, client, retry, on_step
        self._waiting: list[Errand] = []
        self._running: dict[Future[Picture], Errand] = {}
        self._outcomes: dict[int, Picture | GardenError] = {}
        self._last_words = ""

    def run(self, requests: Sequence[PictureRequest] | Sequence[InpaintRequest]) -> Iterator[Picture]:
        """Pictures in the order of the requests; those before one that failed are still made.

        The error of the first that failed is raised last, after those behind it that were finished meanwhile. Calls
        that are under way when it is stopped end by themselves; nobody waits for them.
        """
        self._client.prepare()
        asked: Sequence[PictureRequest | InpaintRequest] = requests
        self._waiting = [Errand(index, request) for index, request in enumerate(asked)]
        places = sum(endpoint.parallel for endpoint in self._fleet.endpoints)
        pool = ThreadPoolExecutor(max_workers=places, thread_name_prefix="sagemaker")
        done = 0
        try:
            for index in range(len(requests)):
                while index not in self._outcomes:
                    self._start(pool)
                    done += self._collect()
                    self._on_step(done / len(requests))
                if isinstance(self._outcomes[index], GardenError):
                    yield from (made for _, made in sorted(self._outcomes.items()) if isinstance(made, Picture))
                yield self._picture(index)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _start(self, pool: ThreadPoolExecutor) -> None:
        now = time.monotonic()
        for errand, endpoint in self._fleet.take([errand for errand in self._waiting if errand.not_before <= now]):
            self._waiting.remove(errand)
            self._running[pool.submit(self._visit, errand, endpoint)] = errand
        if not self._running and not self._fleet.usable:
            raise EngineUnavailableError(f"No SageMaker endpoint can be used now. {self._last_words}".strip())

    def _collect(self) -> int:
        """Wait a moment for calls to end; returns how many pictures they brought."""
        if not self._running:
            time.sleep(min(POLL_SECONDS, self._retry.backoff))
            return 0
        ended, _ = wait(self._running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        return sum(self._settle(self._running.pop(future), future) for future in ended)

    def _settle(self, errand: Errand, future: Future[Picture]) -> bool:
        """Whether this picture is decided, for good or ill."""
        try:
            self._outcomes[errand.index] = future.result()
        except EndpointError as error:
            self._last_words = str(error)
            verdict = self._verdict(errand, error)
            if verdict is None:
                errand.not_before = time.monotonic() + self._retry.pause(errand.attempts)
                self._waiting.append(errand)
                return False
            self._fail(errand, verdict)
        except GardenError as error:
            self._fail(errand, error)
        return True

    def _verdict(self, errand: Errand, error: EndpointError) -> GardenError | None:
        """None while another try makes sense."""
        refused_everywhere = errand.failed_at >= {endpoint.name for endpoint in self._fleet.endpoints}
        if isinstance(error, EndpointRefusalError) and refused_everywhere:
            return PictureRefusedError(str(error))
        if errand.attempts >= self._retry.attempts:
            return EngineUnavailableError(f"Given up after {errand.attempts} tries. {error}")
        return None

    def _fail(self, errand: Errand, error: GardenError) -> None:
        """Nobody will be handed what comes after a failure, so it is not begun."""
        self._outcomes[errand.index] = error
        self._waiting = [waiting for waiting in self._waiting if waiting.index < errand.index]

    def _picture(self, index: int) -> Picture:
        outcome = self._outcomes.pop(index)
        if isinstance(outcome, GardenError):
            raise outcome
        return outcome

    def _visit(self, errand: Errand, endpoint: Endpoint) -> Picture:
        """One try, in a thread of its own; the endpoint's place is given back whatever happens."""
        errand.attempts += 1
        begin = time.perf_counter()
        give_back: Callable[[Endpoint], None] = self._fleet.released
        try:
            image = self._client.make(endpoint.name, errand.request)
            seconds = time.perf_counter() - begin
            give_back = partial(self._fleet.succeeded, seconds=seconds)
        except EndpointError as error:
            errand.failed_at.add(endpoint.name)
            give_back = partial(self._fleet.failed, for_good=isinstance(error, EndpointRefusalError))
            raise
        finally:
            give_back(endpoint)
        asked = errand.request.asked if isinstance(errand.request, InpaintRequest) else errand.request
        return Picture(errand.index, image, asked, "sagemaker", asked.model or endpoint.name, seconds)
