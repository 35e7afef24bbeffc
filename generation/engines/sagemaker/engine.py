"""The SageMaker engine: options, and the fleet that outlives each call."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from garden.errors import MisconfiguredError
from generation.engines.base import Engine, EngineUnavailableError, OnStep, Picture, PictureRequest, ignore_steps
from generation.engines.inpainting import Ability, Inpainter, InpaintRequest, UnsupportedAbilityError, refuse_unable
from generation.engines.sagemaker.client import EndpointClient
from generation.engines.sagemaker.dispatch import Dispatch, RetryPolicy
from generation.engines.sagemaker.fleet import Fleet
from generation.engines.sagemaker.payload import EXTRA_FIELDS, INPAINT_FIELDS
from generation.retouch.crop import working_size

INPAINT_AREA = 512 * 512
"""Pixels that inpainting models of JumpStart were trained with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SageMakerEngine(Engine, Inpainter):
    """Pictures from SageMaker endpoints, in parallel, more from the faster ones.

    `parallel` is how many pictures one endpoint makes at once (its instances). `accept` as the endpoint
    understands it: `application/json;jpeg`, or `application/json` for older ones. `extra_fields` names fields
    beyond the seeds' payload that the model knows: negative_prompt, seed. `inpaint_endpoints` are those of an
    inpainting model, and `inpaint_fields` what it knows further: negative_prompt, seed, strength. Timeouts, backoff
    and cool-down in seconds. Region and credentials are boto3's own unless given.
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
    backoff: float = 0.5
    breaker_failures: int = 3
    breaker_seconds: float = 30
    _fleet: Fleet = field(init=False, repr=False, compare=False)
    _client: EndpointClient = field(init=False, repr=False, compare=False)
    _inpaint_fleet: Fleet = field(init=False, repr=False, compare=False)
    _inpaint_client: EndpointClient = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._check_options()
        fields = ("", self.endpoints, self.extra_fields), ("_inpaint", self.inpaint_endpoints, self.inpaint_fields)
        for prefix, endpoints, extra in fields:
            fleet = Fleet(tuple(endpoints), self.parallel, self.breaker_failures, self.breaker_seconds)
            object.__setattr__(self, f"{prefix}_fleet", fleet)
            object.__setattr__(self, f"{prefix}_client", self._make_client(len(endpoints), tuple(extra)))

    def make(self, requests: Sequence[PictureRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.width, request.height)
        retry = RetryPolicy(self.attempts, self.backoff)
        return Dispatch(self._fleet, self._client, retry, on_step).run(requests)

    def inpaint(self, requests: Sequence[InpaintRequest], on_step: OnStep = ignore_steps) -> Iterator[Picture]:
        for request in requests:
            self.limits.check(request.asked.width, request.asked.height)
            refuse_unable(self, request)
        retry = RetryPolicy(self.attempts, self.backoff)
        return Dispatch(self._inpaint_fleet, self._inpaint_client, retry, on_step).run(requests)

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
        """Costs nothing: no picture is asked for, only what earlier ones taught is told."""
        if not self._fleet.usable:
            raise EngineUnavailableError("Every SageMaker endpoint failed lately; each is left alone for a while.")

    def _check_options(self) -> None:
        unknown = sorted(set(self.extra_fields) - set(EXTRA_FIELDS))
        if unknown:
            raise MisconfiguredError(f"SageMakerEngine: unknown extra_fields {unknown}; known are {EXTRA_FIELDS}.")
        unknown = sorted(set(self.inpaint_fields) - set(INPAINT_FIELDS))
        if unknown:
            raise MisconfiguredError(f"SageMakerEngine: unknown inpaint_fields {unknown}; known are {INPAINT_FIELDS}.")
        if not self.endpoints or len(set(self.endpoints)) < len(self.endpoints):
            raise MisconfiguredError("SageMakerEngine: endpoints must name one endpoint or more, each once.")
        if min(self.parallel, self.attempts, self.breaker_failures) < 1:
            raise MisconfiguredError("SageMakerEngine: parallel, attempts and breaker_failures must be at least 1.")

    def _make_client(self, endpoints: int, extra_fields: tuple[str, ...]) -> EndpointClient:
        return EndpointClient(
            region=self.region,
            endpoint_url=self.endpoint_url,
            accept=self.accept,
            extra_fields=extra_fields,
            connect_timeout=self.connect_timeout,
            read_timeout=self.read_timeout,
            connections=max(1, self.parallel * endpoints),
        )
