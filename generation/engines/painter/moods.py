"""What each mood looks like: its accent, plants, flowers, movement, and the gardens it is found in."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from garden.vocabulary import Emotion


@dataclass(frozen=True, slots=True)
class Mood:
    """`hero` is the mood's flower, `chorus` the smaller flowers around it (species, colour); `layouts` its gardens."""

    accent: str
    hero: str
    hero_colours: tuple[str, ...]
    chorus: tuple[tuple[str, str], ...]
    meadow: tuple[str, str]
    foliage: tuple[str, ...]
    blossom: str
    trees: tuple[str, ...]
    layouts: tuple[str, ...]
    drift: str
    wind: float
    grade: tuple[str, str]
    contrast: float
    mist: float


MOODS: Mapping[Emotion, Mood] = MappingProxyType(
    {
        Emotion.HAPPY: Mood(
            accent="#F6B73C",
            hero="sunflower",
            hero_colours=("#FFC21F", "#FFB000", "#FFD34D"),
            chorus=(("daisy", "#FFFDF2"), ("poppy", "#FF7A3C"), ("tulip", "#FFD23F"), ("daisy", "#FFE27A")),
            meadow=("#C9C858", "#5E8F2E"),
            foliage=("#7FA83A", "#5C8F35", "#A6B945"),
            blossom="#FFE3A0",
            trees=("broad",),
            layouts=("meadow", "path", "rows", "closeup", "grove"),
            drift="pollen",
            wind=0.15,
            grade=("#5A3A10", "#FFE7A8"),
            contrast=1.06,
            mist=0.12,
        ),
        Emotion.SURPRISED: Mood(
            accent="#F58FB8",
            hero="camellia",
            hero_colours=("#F58FB8", "#FF6FA6", "#FFC2D9", "#F0447F"),
            chorus=(("tulip", "#FF8FB0"), ("daisy", "#FFFFFF"), ("daisy", "#FFD9F0"), ("tulip", "#FFE08A")),
            meadow=("#BFD79A", "#6FA86A"),
            foliage=("#7DB07A", "#A5C98C", "#5F9C74"),
            blossom="#FFB3D2",
            trees=("blossom", "blossom"),
            layouts=("meadow", "path", "grove", "closeup"),
            drift="confetti",
            wind=0.2,
            grade=("#6B2A55", "#FFF0F2"),
            contrast=1.04,
            mist=0.2,
        ),
        Emotion.CALM: Mood(
            accent="#6CC6B2",
            hero="lotus",
            hero_colours=("#FBE3EA", "#F7C6D6", "#FFF6EC"),
            chorus=(("iris", "#8FB6D8"), ("daisy", "#FFFFFF"), ("lavender", "#A9B4E0")),
            meadow=("#A9CDB0", "#4F8F78"),
            foliage=("#5E9E84", "#7FB894", "#3F7F70"),
            blossom="#F6D5DC",
            trees=("willow", "broad", "willow"),
            layouts=("pond", "pond", "lake", "bridge"),
            drift="glints",
            wind=0.05,
            grade=("#0F4A50", "#F2FFF2"),
            contrast=0.98,
            mist=0.6,
        ),
        Emotion.ANGRY: Mood(
            accent="#F0695A",
            hero="poppy",
            hero_colours=("#F03A22", "#D91E18", "#FF5A36"),
            chorus=(("poppy", "#FF6A3A"), ("tulip", "#B3121D"), ("poppy", "#C4161C")),
            meadow=("#7A4A28", "#40301E"),
            foliage=("#54402A", "#6B3A24", "#3A3222"),
            blossom="#D9452E",
            trees=("windswept", "windswept", "bare"),
            layouts=("meadow", "path", "closeup", "rows"),
            drift="embers",
            wind=0.95,
            grade=("#240810", "#FFB67A"),
            contrast=1.14,
            mist=0.15,
        ),
        Emotion.FEAR: Mood(
            accent="#A392F0",
            hero="iris",
            hero_colours=("#8F78F5", "#A392F0", "#6A4FE0"),
            chorus=(("bluebell", "#7A6AE8"), ("moss", "#B7A6FF"), ("iris", "#9F8CF0")),
            meadow=("#4E4A80", "#2E3358"),
            foliage=("#39406A", "#2C3558", "#4A4380"),
            blossom="#A392F0",
            trees=("gnarled", "gnarled", "bare"),
            layouts=("path", "grove", "meadow", "lake", "closeup"),
            drift="fireflies",
            wind=0.1,
            grade=("#0A0628", "#D9CCFF"),
            contrast=1.12,
            mist=0.75,
        ),
        Emotion.CONFUSED: Mood(
            accent="#C9A7E8",
            hero="passion",
            hero_colours=("#C9A7E8", "#E9D6F5", "#A77BD8"),
            chorus=(("passion", "#E6C8F0"), ("lavender", "#A88AE0"), ("daisy", "#F4E8C8"), ("tulip", "#8FC4C0")),
            meadow=("#B9B4C8", "#6F7F96"),
            foliage=("#7E8FA0", "#8A83B0", "#6C9694"),
            blossom="#D9BCF0",
            trees=("curly", "curly", "blossom"),
            layouts=("mirror", "mirror", "path", "closeup"),
            drift="bubbles",
            wind=0.3,
            grade=("#3A2A66", "#FFF2FA"),
            contrast=0.98,
            mist=0.8,
        ),
        Emotion.DISGUSTED: Mood(
            accent="#B4C75A",
            hero="moss",
            hero_colours=("#B4C75A", "#D9D36A", "#9A6F86"),
            chorus=(("moss", "#D8DE7C"), ("fern", "#7F9A38"), ("moss", "#A77F98"), ("daisy", "#E3E59A")),
            meadow=("#8E9A3C", "#4A5A22"),
            foliage=("#6B7C2C", "#54661F", "#8A923A"),
            blossom="#C3CF5E",
            trees=("gnarled", "mossy", "mossy"),
            layouts=("marsh", "marsh", "grove", "closeup"),
            drift="spores",
            wind=0.1,
            grade=("#1F2A08", "#F6F7B8"),
            contrast=1.04,
            mist=0.65,
        ),
        Emotion.SAD: Mood(
            accent="#7FA8F5",
            hero="bluebell",
            hero_colours=("#6F97F0", "#7FA8F5", "#4C74D8"),
            chorus=(("bluebell", "#9CBBFA"), ("lavender", "#8A9AE0"), ("daisy", "#DDE8FF")),
            meadow=("#7F9AA8", "#41607A"),
            foliage=("#4C6E80", "#3C5C78", "#648494"),
            blossom="#B9CCF5",
            trees=("willow", "bare", "willow"),
            layouts=("lake", "pond", "bridge", "path", "closeup"),
            drift="rain",
            wind=0.12,
            grade=("#14264E", "#E0EDFF"),
            contrast=0.98,
            mist=0.7,
        ),
    }
)
