"""One picture, layer by layer: sky, ground, stems, blossoms, light."""

from collections.abc import Iterator
from typing import NamedTuple

from generation.engines.painter.compositions.panels import COMPOSITIONS
from generation.engines.painter.hands import Hand, finish
from generation.engines.painter.noise import Dice
from generation.engines.painter.painting import Painting
from generation.engines.painter.palette import Pixels
from generation.engines.painter.scene import Scene
from generation.engines.painter.weather import paint_air


class Layer(NamedTuple):
    """The picture after one of its layers. The next layer paints on these pixels: copy what you keep."""

    name: str
    pixels: Pixels


def layers(scene: Scene, dice: Dice, hand: Hand = "gouache") -> Iterator[Layer]:
    """A picture as it grows; the last layer, light, is the finished one."""
    canvas = Painting(scene, dice)
    for name in COMPOSITIONS[scene.design.layout](canvas):
        yield Layer(name, canvas.pixels)
    paint_air(canvas)
    yield Layer("light", finish(canvas, hand))


def paint(scene: Scene, dice: Dice, hand: Hand = "gouache") -> Pixels:
    """The finished picture of a plan, RGB of shape (height, width, 3)."""
    *_, last = layers(scene, dice, hand)
    return last.pixels
