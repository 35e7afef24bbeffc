"""Which animal is drawn how, how large, and where it lives in the picture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from generation.engines.painter.animals import small, tall, watery, winged
from generation.engines.painter.animals.figure import Figure


@dataclass(frozen=True, slots=True)
class Animal:
    """`size` of its sprite at the lower edge in units; `home` is ground, air, afloat (on water) or below (in it)."""

    draw: Callable[[Figure, str], None]
    coats: tuple[str, ...]
    size: float
    home: str = "ground"
    others: int = 0


MENAGERIE: Mapping[str, Animal] = MappingProxyType(
    {
        "cat": Animal(small.cat, ("#E8A45C", "#B9AFA6", "#6B5A50", "#F0E2CC"), 400),
        "dog": Animal(small.dog, ("#E2B36A", "#B5763C", "#EFDFC2", "#6B4A36"), 450),
        "rabbit": Animal(small.rabbit, ("#C9AE8C", "#F2EBE0", "#A8968A"), 340),
        "fox": Animal(small.fox, ("#E2752C", "#D9662A"), 440),
        "deer": Animal(tall.deer, ("#B9824E", "#A8703F"), 620),
        "horse": Animal(tall.horse, ("#8E5530", "#D9C2A0", "#5A3A2A"), 680),
        "elephant": Animal(tall.elephant, ("#A3A0A6", "#B0A8A0"), 680),
        "bear": Animal(tall.bear, ("#7A5236", "#93653F"), 540),
        "bird": Animal(winged.bird, ("#6E8FB5", "#7FA8C9", "#8A7A66"), 300),
        "owl": Animal(winged.owl, ("#A07A52", "#B8AFA4"), 400),
        "butterfly": Animal(winged.butterfly, ("#FF9A2E", "#4AA8F0", "#F06AA8", "#FFD23F"), 250, "air", 4),
        "bee": Animal(winged.bee, ("#F6B73C", "#FFC93A"), 190, "air", 3),
        "fish": Animal(watery.fish, ("#F0642C", "#E8432A", "#F59A2E"), 420, "below", 3),
        "duck": Animal(watery.swan, ("#FFFFFF", "#FBF6EE"), 430, "afloat", 1),
        "turtle": Animal(watery.turtle, ("#6B7A35", "#7F7A3C"), 380),
        "frog": Animal(watery.frog, ("#7FB83A", "#94C94A"), 280),
        "squirrel": Animal(watery.squirrel, ("#C9763A", "#A8663A"), 340),
        "hedgehog": Animal(watery.hedgehog, ("#6B5442", "#7A6048"), 300),
    }
)
