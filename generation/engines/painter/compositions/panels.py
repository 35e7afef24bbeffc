"""Compositions that are made of others: three panels, and a garden turned over."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from generation.engines.painter.compositions import enclosed, indoors, open_ground, overhead, studies, waters
from generation.engines.painter.painting import Painting, Steps
from generation.engines.painter.palette import WHITE, mix

_PANELS = ("hill", "single", "meadow", "closeup", "sky")


def triptych(canvas: Painting) -> Steps:
    """Three panels side by side (above each other in a portrait): one theme at three distances."""
    rng, scene = canvas.rng("triptych"), canvas.scene
    along, across = (canvas.height, canvas.width) if scene.portrait else (canvas.width, canvas.height)
    gap = int(min(along, across) * rng.uniform(0.03, 0.05))
    weights = rng.permutation([1.0, 1.0, rng.choice([1.0, 1.6])])
    mat = mix(scene.palette.dark, WHITE, 0.02) if scene.palette.night else WHITE * 0.97
    canvas.wash(0, canvas.height, mat, mat)
    yield "sky"
    parts, start = [], gap
    for i, size in enumerate((weights / weights.sum() * (along - 4 * gap)).astype(int).tolist()):
        wide, tall = (across - 2 * gap, size) if scene.portrait else (size, across - 2 * gap)
        x, y = (gap, start) if scene.portrait else (start, gap)
        start += size + gap
        part = _panel(canvas, i, _themes(canvas)[i], wide, tall)
        parts.append((part, COMPOSITIONS[part.scene.design.layout](part), (slice(y, y + tall), slice(x, x + wide))))
    for step in ("sky", "ground", "stems", "blossoms"):
        for part, painting, box in parts:
            next(painting)
            canvas.pixels[box] = part.pixels
        if step != "sky":
            yield step


def _themes(canvas: Painting) -> list[str]:
    if canvas.scene.brief.animal is None:
        return [str(name) for name in canvas.rng("themes").permutation(_PANELS)[:3]]
    return ["sky", "hill", "single"] if "ground" in canvas.scene.homes else ["sky", "meadow", "single"]


def _panel(canvas: Painting, place: int, name: str, width: int, height: int) -> Painting:
    """The canvas of one panel; an animal is in the middle one."""
    scene, design = canvas.scene, canvas.scene.design
    horizon = float(np.clip(design.horizon + 0.16 * (1 - place), 0.3, 0.82))
    design = replace(design, layout=name, flip=place == 1, horizon=horizon, scale=design.scale * (0.8, 1.1, 1.5)[place])
    brief = scene.brief if place == 1 else replace(scene.brief, animal=None)
    part = Painting(replace(scene, width=width, height=height, design=design, brief=brief), canvas.dice)
    part.unit = (part.unit + canvas.unit * 0.6) / 2
    return part


def mirror(canvas: Painting) -> Steps:
    """A garden and the same garden turned over, as on a playing card: there is no up."""
    scene = canvas.scene
    name = str(canvas.rng("mirror").choice(["hill", "meadow", "path", "gate"]))
    design = replace(scene.design, layout=name, horizon=0.4)
    part = Painting(replace(scene, height=-(-canvas.height // 2), design=design), canvas.dice)
    part.unit = canvas.unit * 0.8
    for step in COMPOSITIONS[name](part):
        canvas.pixels[canvas.height - part.height :] = part.pixels
        canvas.pixels[: part.height] = part.pixels[::-1, ::-1]
        yield step


COMPOSITIONS: Mapping[str, Callable[[Painting], Steps]] = {
    **{one.__name__: one for one in (open_ground.meadow, open_ground.path, open_ground.hill, open_ground.sky)},
    **{one.__name__: one for one in (open_ground.rows, enclosed.grove, enclosed.gate, waters.lake, waters.stream)},
    **{one.__name__: one for one in (waters.pond, studies.closeup, studies.single, studies.hanging)},
    **{one.__name__: one for one in (overhead.above, overhead.beds, indoors.greenhouse, indoors.sill)},
    **{one.__name__: one for one in (triptych, mirror)},
}
"""Every composition by its name in LAYOUTS."""
