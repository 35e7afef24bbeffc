"""Rings for a worker when an event waits; a bell that is lost costs nothing, the next minute makes up for it."""

import logging

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring() -> None:
    from recommend.tasks import deliver_events

    try:
        deliver_events.apply_async(ignore_result=True, retry=False)
    except OperationalError:
        logger.warning("The broker is away; events wait in the outbox.")
