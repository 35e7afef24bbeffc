from typing import Any

import pytest

from garden.errors import MisconfiguredError
from recommend.backends.personalize import PersonalizeRecommender
from recommend.checks import check_backends
from tests.recommend.personalize.site import SITE, entry


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"campaign": ""}, "name a campaign or a recommender"),
        ({"recommender": "arn:aws:personalize:eu-west-1:1:recommender/x"}, "one of them"),
        ({"context_fields": ["MOOD"]}, "unknown context_fields"),
        ({"results": 501}, "1 to 500"),
        ({"attempts": 0}, "at least 1"),
        ({"deadline": 0}, "above 0"),
    ],
)
def test_it_says_what_makes_no_sense(settings: Any, options: dict[str, Any], words: str) -> None:
    settings.PERSONALIZE = SITE
    with pytest.raises(MisconfiguredError, match=words):
        PersonalizeRecommender(**options)


def test_the_system_check_knows_its_options(settings: Any) -> None:
    settings.PERSONALIZE = SITE
    settings.RECOMMENDER = entry("http://localhost", campain="x")
    (error,) = check_backends()
    assert "unknown options campain" in error.msg


def test_boto3_is_not_needed_to_name_it(settings: Any) -> None:
    settings.PERSONALIZE = SITE
    assert PersonalizeRecommender().campaign == SITE["campaign"]
