from collections.abc import Callable, Iterator
from typing import Any

import pytest

from recommend.backends.personalize import PersonalizeRecommender
from recommend.backends.registry import get_recommender
from tests.recommend.personalize.server import FakePersonalize, fake_personalize
from tests.recommend.personalize.site import SITE, entry

Site = Callable[..., PersonalizeRecommender]


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture
def personalize() -> Iterator[FakePersonalize]:
    """The service; whatever it was asked, nothing was against its model unless the test says so."""
    with fake_personalize() as fake:
        yield fake
        assert fake.complaints == []


@pytest.fixture
def site(personalize: FakePersonalize, settings: Any) -> Site:
    """Makes Personalize the site's recommender."""

    def build(**options: Any) -> PersonalizeRecommender:
        settings.PERSONALIZE = SITE
        settings.LIKE_RETRY_WINDOW_SECONDS = 0  # Tests like the same picture again and again.
        settings.RECOMMENDER = entry(personalize.url, **options)
        recommender = get_recommender()
        assert isinstance(recommender, PersonalizeRecommender)
        return recommender

    return build
