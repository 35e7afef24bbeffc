"""The studio's engine in tests, and somebody who may use and publish."""

from typing import Any

import pytest
from django.test import Client

from tests.curation.cast import member


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.GENERATION_ENGINES = {
        **settings.GENERATION_ENGINES,
        "quick": {"BACKEND": "tests.generation.quick_engine.QuickEngine", "OPTIONS": {}},
    }
    settings.GENERATION_DEFAULT_ENGINE = "quick"


@pytest.fixture
def pia() -> Any:
    return member("publisher", "pia")


@pytest.fixture
def client(pia: Any) -> Client:
    browser = Client()
    browser.force_login(pia)
    return browser
