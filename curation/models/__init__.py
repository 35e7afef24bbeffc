from curation.models.collection import Collection
from curation.models.duplicates import Fingerprint
from curation.models.operation import BulkOperation, BulkOperationItem
from curation.models.release import Garden, Release, ReleaseChange
from curation.models.vote import Decision

__all__ = [
    "BulkOperation",
    "BulkOperationItem",
    "Collection",
    "Decision",
    "Fingerprint",
    "Garden",
    "Release",
    "ReleaseChange",
]
