from curation.models.act import Act, ActItem
from curation.models.figures import Figures
from curation.models.likeness import AlikeGroup, Apart, Likeness, LikenessIndex, Settlement
from curation.models.release import Garden, Release, ReleaseChange
from curation.models.target import Target
from curation.models.vote import Decision, Vote

__all__ = [
    "Act",
    "ActItem",
    "AlikeGroup",
    "Apart",
    "Decision",
    "Figures",
    "Garden",
    "Likeness",
    "LikenessIndex",
    "Release",
    "ReleaseChange",
    "Settlement",
    "Target",
    "Vote",
]
