"""What a server does before its first visitor comes."""

import logging
from typing import Any

from recommend.experiments.arms import serving_recommenders

logger = logging.getLogger(__name__)


def warm_up() -> None:
    """Load what the first ranking would wait for. A recommender that is down does not stop the server."""
    try:
        for recommender in serving_recommenders():
            recommender.warm_up()
    except Exception:
        logger.exception("The recommender could not warm up; it will try again when it is asked.")


def warm_up_server(**signal: Any) -> None:
    """Receiver of `server_started`."""
    warm_up()
