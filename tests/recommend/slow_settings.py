"""The local settings, with a recommender that is warm once there is a file `warm` in the folder of the data."""

from garden.settings.local import *  # noqa: F403
from garden.settings.local import DATA_DIR

RECOMMENDER = {
    "BACKEND": "tests.recommend.slow_to_warm_up.SlowRecommender",
    "OPTIONS": {"until": str(DATA_DIR / "warm")},
}
RECOMMENDER_HOLDOUT = 0.0
