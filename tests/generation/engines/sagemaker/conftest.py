from collections.abc import Callable, Iterator
from typing import Any

import pytest

from generation.engines.base import PictureRequest
from generation.engines.sagemaker import SageMakerEngine
from tests.generation.engines.sagemaker.server import Behaviour, FakeSageMaker, fake_sagemaker, working

Engines = Callable[..., SageMakerEngine]


def requests(count: int = 1, **changes: Any) -> list[PictureRequest]:
    options = {"width": 96, "height": 64, "seed": 7, **changes}
    return [PictureRequest(**{"prompt": f"calm, cat {index}", **options}) for index in range(count)]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def sagemaker() -> Iterator[FakeSageMaker]:
    with fake_sagemaker() as fake:
        yield fake


@pytest.fixture
def engines(sagemaker: FakeSageMaker) -> Engines:
    """Builds an engine over the endpoints given by name; quick and impatient unless told otherwise."""

    def build(endpoints: dict[str, Behaviour] | None = None, **options: Any) -> SageMakerEngine:
        sagemaker.endpoints = endpoints or {"a": working()}
        where = {"endpoints": list(sagemaker.endpoints), "endpoint_url": sagemaker.url, "region": "eu-west-1"}
        return SageMakerEngine(**{**where, "read_timeout": 5, **options})

    return build
