"""The local settings, with the peers' routes beside the garden's own and no throttle in the way."""

from garden.settings.local import *  # noqa: F403
from garden.settings.local import REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.garden_urls"
REST_FRAMEWORK = {**REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"emotion": None, "garden": None, "like": None}}
