from recommend.backends.base import Kind
from recommend.models.arm import Arm
from recommend.models.axes import PictureAxes
from recommend.models.description import Description
from recommend.models.forgetting import Forgetting
from recommend.models.interaction import Interaction
from recommend.models.ledger import Ledger
from recommend.models.outbox import OutgoingEvent, SyncMark
from recommend.models.rate import ImageRate
from recommend.models.slate import Slate
from recommend.models.snapshot import Snapshot
from recommend.models.tally import CoverageTally, DailyTally, PlaceTally, RankedPicture
from recommend.models.trial import Trial

__all__ = [
    "Arm",
    "CoverageTally",
    "DailyTally",
    "Description",
    "Forgetting",
    "ImageRate",
    "Interaction",
    "Kind",
    "Ledger",
    "OutgoingEvent",
    "PictureAxes",
    "PlaceTally",
    "RankedPicture",
    "Slate",
    "Snapshot",
    "SyncMark",
    "Trial",
]
