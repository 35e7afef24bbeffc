from recommend.backends.base import Kind
from recommend.models.coverage import Coverage
from recommend.models.description import Description
from recommend.models.interaction import Interaction
from recommend.models.ledger import Ledger, Snapshot
from recommend.models.outbox import OutgoingEvent
from recommend.models.rate import ImageRate
from recommend.models.slate import Arm, DailyTally, Slate
from recommend.models.trial import Trial

__all__ = [
    "Arm",
    "Coverage",
    "DailyTally",
    "Description",
    "ImageRate",
    "Interaction",
    "Kind",
    "Ledger",
    "OutgoingEvent",
    "Slate",
    "Snapshot",
    "Trial",
]
