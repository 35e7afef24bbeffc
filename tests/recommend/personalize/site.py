"""Settings of a site that uses Personalize at a URL."""

from typing import Any

_ARN = "arn:aws:personalize:eu-west-1:123456789012"
BACKEND = "recommend.backends.personalize.PersonalizeRecommender"
SITE = {
    "campaign": f"{_ARN}:campaign/garden",
    "recommender": "",
    "tracking_id": "a8868cee-3669-4a18-ad66-7f42035807d9",
    "filter_arn": f"{_ARN}:filter/emotion",
    "users_dataset": f"{_ARN}:dataset/garden/USERS",
    "items_dataset": f"{_ARN}:dataset/garden/ITEMS",
}


def entry(url: str, **options: Any) -> dict[str, Any]:
    """A settings entry; quick and impatient unless told otherwise."""
    where = {"endpoint_url": url, "region": "eu-west-1", "breaker_seconds": 0.3}
    return {"BACKEND": BACKEND, "OPTIONS": {**where, **options}}
