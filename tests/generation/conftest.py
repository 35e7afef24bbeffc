"""An engine for the queue's tests: real pictures, made at once, that can be told to misbehave."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model


@pytest.fixture(autouse=True)
def _quick_engine(settings: Any) -> None:
    settings.GENERATION_ENGINES = {
        **settings.GENERATION_ENGINES,
        "quick": {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}},
    }
    settings.GENERATION_DEFAULT_ENGINE = "quick"


@pytest.fixture
def ann() -> Any:
    return get_user_model().objects.create_user("ann", is_staff=True)


@pytest.fixture
def ben() -> Any:
    return get_user_model().objects.create_user("ben", is_staff=True)
