from curation.models.act import Act, ActItem
from curation.models.duplicates import Fingerprint, Resolution
from curation.models.release import Garden, Release, ReleaseChange
from curation.models.vote import Decision, Vote

__all__ = [
    "Act",
    "ActItem",
    "Decision",
    "Fingerprint",
    "Garden",
    "Release",
    "ReleaseChange",
    "Resolution",
    "Vote",
]
