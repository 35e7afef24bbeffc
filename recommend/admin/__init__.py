"""What was shown, said and learned, in Django admin: looked at, never edited."""

from recommend.admin.learned import DescriptionAdmin, ForgettingAdmin, LedgerHeadAdmin, PictureAxesAdmin, SnapshotAdmin
from recommend.admin.shown import (
    ImageRateAdmin,
    InteractionAdmin,
    OutgoingEventAdmin,
    SlateAdmin,
    SyncMarkAdmin,
    TrialAdmin,
)
from recommend.admin.sums import CoverageTallyAdmin, DashboardAdmin, PlaceTallyAdmin, RankedPictureAdmin

__all__ = [
    "CoverageTallyAdmin",
    "DashboardAdmin",
    "DescriptionAdmin",
    "ForgettingAdmin",
    "ImageRateAdmin",
    "InteractionAdmin",
    "LedgerHeadAdmin",
    "OutgoingEventAdmin",
    "PictureAxesAdmin",
    "PlaceTallyAdmin",
    "RankedPictureAdmin",
    "SlateAdmin",
    "SnapshotAdmin",
    "SyncMarkAdmin",
    "TrialAdmin",
]
