"""The animal of a picture: its pose, its place, its shadow or its trace in the water, and others of its kind."""

import numpy as np

from generation.engines.painter.drawings import ANIMALS, Animal
from generation.engines.painter.painting import Painting, Point
from generation.engines.painter.palette import WHITE, Colour, mix, rgb
from generation.engines.painter.variety import LAYOUTS

_FEET = 0.95
_WATERLINE = 0.8
"""How far down in its drawing the feet of an animal are, and the water around one that swims seen from the side."""
_PERCHING = frozenset({"bird", "owl"})
_FROM_THE_SIDE = frozenset({"duck", "elephant"})


def paint_subject(
    canvas: Painting, home: str, x: float | None = None, y: float | None = None, scale: float = 1.0, squash: float = 1.0
) -> None:
    """The animal of the scene if it can be here. Given is where it stands (its feet) or swims (its middle)."""
    scene = canvas.scene
    if scene.brief.animal is None or _home(canvas) != home:
        return
    animal, rng = ANIMALS[scene.brief.animal], canvas.rng("animal")
    size = animal.size * canvas.unit * scale * rng.uniform(1.25, 1.75)
    if x is None or y is None:
        x, y = canvas.width * rng.uniform(0.3, 0.7), canvas.height * rng.uniform(0.3, 0.55)
    size = min(size, canvas.width * 0.7, canvas.height * 0.6)
    margin = size * 0.52
    x = float(np.clip(x, margin, canvas.width - margin))
    y = float(np.clip(y, size * 0.9, canvas.height * 0.985)) if home == "ground" else float(y)
    middle = y - size * 0.42 if home == "ground" else y
    canvas.subject = (x, middle, size * 0.44)
    for _ in range(int(rng.integers(0, animal.others + 1))):
        angle, far = rng.uniform(0, 2 * np.pi), size * rng.uniform(0.9, 2.6)
        at = (x + np.cos(angle) * far * 1.4, float(np.clip(y + np.sin(angle) * far * 0.6, 0, canvas.height)))
        paint_animal(canvas, home, at, size * rng.uniform(0.5, 0.8), rng, squash)
    paint_animal(canvas, home, (x, y), size, rng, squash)


def _home(canvas: Painting) -> str:
    """Where it is in this picture: one of the places that its composition has."""
    homes = [home for home in canvas.scene.homes if home in LAYOUTS[canvas.scene.design.layout].homes]
    return homes[int(canvas.rng("home").integers(0, len(homes)))] if homes else "small"


def paint_animal(
    canvas: Painting, home: str, at: Point, size: float, rng: np.random.Generator, squash: float = 1.0
) -> None:
    """One animal in one of its poses, turned towards the middle of the picture."""
    name = canvas.scene.brief.animal or ""
    animal = ANIMALS[name]
    if home == "small":  # Such a place is for any small animal, wherever it usually is.
        home = next(iter(canvas.scene.homes))
    poses = canvas.scene.homes.get(home) or animal.poses(home) or next(iter(canvas.scene.homes.values()))
    pose = poses[int(rng.integers(0, len(poses)))]
    colours = _coat(canvas, animal, rng)
    drawing, flip = f"{name}-{pose}", at[0] > canvas.width / 2
    if pose.startswith("looking"):
        flip = not flip
    if home == "air":
        canvas.draw(drawing, at, size, colours, flip=flip, turn=float(rng.uniform(-0.35, 0.35)))
    elif home == "water" and name not in _FROM_THE_SIDE:
        canvas.oval(at[0] + size * 0.04, at[1] + size * 0.10, size * 0.36, size * 0.13, canvas.palette.dark, 0.25)
        turn = float(rng.uniform(-0.6, 0.6))
        haze = (mix(canvas.palette.top, canvas.palette.ground[2], 0.4), 0.16)
        canvas.draw(drawing, at, size, colours, flip=flip, turn=turn, squash=squash, haze=haze)
    elif home == "water":
        foot = (at[0], at[1] + size * 0.06)
        canvas.draw(drawing, (foot[0], foot[1] + size * 0.26), size, colours, flip=flip, squash=-0.7, opacity=0.3)
        canvas.draw(drawing, foot, size, colours, flip=flip, foot=_WATERLINE)
        for reach in (0.42, 0.6):
            canvas.oval(
                foot[0], foot[1] + size * 0.02, size * reach, size * 0.03, mix(canvas.palette.low, WHITE, 0.3), 0.4
            )
    else:
        _standing(canvas, name, drawing, at, size, colours, flip=flip)


def _standing(
    canvas: Painting, name: str, drawing: str, at: Point, size: float, colours: dict[str, Colour | None], *, flip: bool
) -> None:
    foot = at
    if name in _PERCHING:
        wood = mix(canvas.palette.dark, canvas.palette.sun, 0.22)
        (x, y), half, top = at, size * 0.13, at[1] - size * 0.75
        foot = (x + (0.04 if flip else -0.04) * size, top)
        canvas.fill([(x - half, y), (x - half * 0.9, top), (x + half * 0.9, top), (x + half, y)], wood)
        canvas.fill(
            [(x + half * 0.3, y), (x + half * 0.3, top), (x + half * 0.9, top), (x + half, y)],
            canvas.palette.dark,
            0.35,
        )
        canvas.oval(x, top, half * 0.9, half * 0.3, mix(wood, canvas.palette.sun, 0.25))
    else:
        canvas.glow(at[0], at[1] - size * 0.4, size * 0.85, mix(canvas.palette.low, canvas.palette.sun, 0.3), 0.45)
        canvas.cast_shadow((at[0], at[1] - size * 0.03), size * 0.46, 0.4)
    canvas.draw(drawing, foot, size, colours, flip=flip, foot=_FEET if name != "bird" else 0.93)


def _coat(canvas: Painting, animal: Animal, rng: np.random.Generator) -> dict[str, Colour | None]:
    """One of its coats in the light of the scene, drawn a little towards the palette so that it belongs there."""
    palette = canvas.palette
    coat = animal.coats[int(rng.integers(0, len(animal.coats)))]
    air = mix(palette.low, palette.ground[1], 0.5)
    colours: dict[str, Colour | None] = {}
    for role, code in zip("abcs", coat, strict=True):
        colours[role] = palette.lit(mix(rgb(code), air, 0.14), 0.8 if role in "cs" else 1.0)
    return colours
