"""A garden beside a bare view, for `benchmarks.load`."""

from garden.settings.local import *  # noqa: F403

ROOT_URLCONF = "benchmarks.load_urls"
