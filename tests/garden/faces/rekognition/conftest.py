from collections.abc import Callable, Iterator
from typing import Any

import pytest

from garden.faces.rekognition import RekognitionAnalyzer
from tests.services.rekognition import FakeRekognition, fake_rekognition

Make = Callable[..., RekognitionAnalyzer]
BACKEND = "garden.faces.rekognition.RekognitionAnalyzer"


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(scope="module")
def service() -> Iterator[FakeRekognition]:
    """Neither what it was asked nor what it answered was against Amazon's model."""
    with fake_rekognition() as fake:
        yield fake
        assert fake.complaints == []


@pytest.fixture
def rekognition(service: FakeRekognition) -> FakeRekognition:
    service.reset()
    return service


@pytest.fixture
def make(rekognition: FakeRekognition) -> Make:
    """An analyzer that asks it, once unless told otherwise."""

    def build(**options: Any) -> RekognitionAnalyzer:
        return RekognitionAnalyzer(**{"endpoint_url": rekognition.url, "region": "eu-west-1", "attempts": 1, **options})

    return build
