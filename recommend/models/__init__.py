from recommend.backends.base import Kind
from recommend.models.description import Description, PictureAxes
from recommend.models.interaction import Interaction
from recommend.models.ledger import Forgetting, Ledger
from recommend.models.outbox import OutgoingEvent
from recommend.models.rate import ImageRate
from recommend.models.slate import Arm, Slate
from recommend.models.snapshot import Snapshot
from recommend.models.tally import DailyTally
from recommend.models.trial import Trial

__all__ = [
    "Arm",
    "DailyTally",
    "Description",
    "Forgetting",
    "ImageRate",
    "Interaction",
    "Kind",
    "Ledger",
    "OutgoingEvent",
    "PictureAxes",
    "Slate",
    "Snapshot",
    "Trial",
]
