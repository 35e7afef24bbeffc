"""The bell: tells workers that an act waits. It may ring twice, or not at all; the sweeper makes up for it."""

import logging
import uuid

from garden.ringing import ring

logger = logging.getLogger(__name__)


def ring_for_act(act_id: uuid.UUID) -> None:
    from curation.tasks import carry_out

    if not ring(carry_out, str(act_id)):
        logger.warning("The broker is away; the sweeper will see to act %s.", act_id)
