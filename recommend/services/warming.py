"""What a server reads before it asks for visitors."""

import logging
import time

from django.db import DatabaseError, close_old_connections

from recommend.backends.base import RecommenderUnavailableError
from recommend.experiments.arms import serving_recommenders

logger = logging.getLogger(__name__)
AGAIN_SECONDS = 2.0


def warm_up() -> None:
    """Load what the first ranking would wait for, as soon as the database is there.

    A recommender that cannot be warmed up for another reason does not stop the server.
    """
    while True:
        try:
            for recommender in serving_recommenders():
                recommender.warm_up()
        except (DatabaseError, RecommenderUnavailableError) as error:
            logger.warning("The recommender cannot warm up yet (%s).", type(error).__name__)
            time.sleep(AGAIN_SECONDS)
            close_old_connections()
        except Exception:
            logger.exception("The recommender could not warm up; it will try again when it is asked.")
            return
        else:
            return
