"""The local settings, with the peers' routes and one small file behind many keys."""

from garden.settings.local import *  # noqa: F403

ROOT_URLCONF = "benchmarks.review_urls"
