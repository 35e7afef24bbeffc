"""The bell: tells workers that an act waits. It may ring twice, or not at all; the sweeper makes up for it."""

import logging
import uuid

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring_for_act(act_id: uuid.UUID) -> None:
    from curation.tasks import carry_out

    try:
        carry_out.apply_async([str(act_id)], ignore_result=True)
    except OperationalError:
        logger.warning("The broker is away; the sweeper will see to act %s.", act_id)
