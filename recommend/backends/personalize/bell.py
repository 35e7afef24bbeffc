"""Rings for a worker when an event waits; a bell that is lost costs nothing, the next minute makes up for it."""

import logging

from garden import ringing

logger = logging.getLogger(__name__)


def ring() -> None:
    from recommend.tasks import deliver_events

    if not ringing.ring(deliver_events):
        logger.warning("The broker is away; events wait in the outbox.")
