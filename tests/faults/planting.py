"""A small garden for a site that is to be put under fire."""

from tests.support.factories import ImageFactory

EMOTION = "calm"
KEYS = [f"emotions/{EMOTION}/img_{number}_0h.jpeg" for number in range(12)]


def plant() -> None:
    for key in KEYS:
        ImageFactory(key=key, prompt=key)
