from curation.models.act import Act, ActItem
from curation.models.duplicates import Fingerprint, NotDuplicate, Resolution
from curation.models.release import Garden, Release, ReleaseChange
from curation.models.target import Target
from curation.models.vote import Decision, Vote

__all__ = [
    "Act",
    "ActItem",
    "Decision",
    "Fingerprint",
    "Garden",
    "NotDuplicate",
    "Release",
    "ReleaseChange",
    "Resolution",
    "Target",
    "Vote",
]
