"""Trees: branching by a stochastic L-system (Honda 1971, Prusinkiewicz & Lindenmayer 1990), leaves as lit dabs."""

from dataclasses import dataclass

import cv2
import numpy as np

from generation.engines.painter.palette import Colour, Pixels, mix, rgb
from generation.engines.painter.scene import Scene
from generation.engines.painter.strokes import dabs, fill, ribbon, ribbon_outline, spline


@dataclass(frozen=True, slots=True)
class Habit:
    """How a kind grows: branch angle (radians), length ratio, crookedness, pull up (+) or down (-), children, order."""

    angle: float
    ratio: float
    crooked: float
    rise: float
    children: int
    order: int
    trunk: float
    leaves: int
    leaf: float
    spread: float
    wind: float = 0.2


HABITS = {
    "broad": Habit(0.52, 0.76, 0.14, 0.10, 3, 4, 0.27, 27, 6.0, 34),
    "blossom": Habit(0.60, 0.77, 0.24, 0.06, 3, 4, 0.24, 27, 5.4, 34),
    "willow": Habit(0.55, 0.78, 0.18, 0.12, 3, 4, 0.28, 5, 5.0, 22),
    "bare": Habit(0.46, 0.77, 0.24, 0.06, 3, 5, 0.25, 0, 0.0, 0),
    "gnarled": Habit(0.68, 0.79, 0.55, -0.02, 2, 6, 0.24, 0, 0.0, 0),
    "mossy": Habit(0.62, 0.77, 0.42, 0.0, 3, 4, 0.25, 16, 6.6, 30),
    "curly": Habit(0.66, 0.78, 0.40, 0.04, 3, 4, 0.25, 16, 5.6, 26),
    "windswept": Habit(0.44, 0.78, 0.20, 0.02, 3, 4, 0.22, 16, 6.0, 24, 0.9),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A limb: spine (N, 2), width at its root and its tip, how deep in the tree."""

    spine: np.ndarray
    root: float
    tip: float
    order: int


def grow(habit: Habit, foot: tuple[float, float], height: float, wind: float, rng: np.random.Generator) -> list[Branch]:
    """Rewrite the trunk into branches; `foot` and `height` in pixels."""
    branches: list[Branch] = []
    start = np.array(foot, np.float32)

    def limb(at: np.ndarray, heading: float, length: float, width: float, order: int) -> None:
        bend = rng.normal(0, habit.crooked) + wind * habit.wind * 0.35 * order / habit.order
        angles = heading + np.linspace(0, bend, 5) + rng.normal(0, habit.crooked * 0.25, 5)
        steps = np.stack([np.sin(angles), -np.cos(angles)], -1) * length / 5
        spine = np.concatenate([at[None], at + np.cumsum(steps, 0)])
        tip = width * (0.68 if order < habit.order else 0.3)
        branches.append(Branch(spine, width, tip, order))
        if order < habit.order:
            for i in range(habit.children):
                spread = (i / (habit.children - 1) - 0.5) * 2 if habit.children > 1 else 0.0
                turn = spread * habit.angle * rng.uniform(0.6, 1.35) + rng.normal(0, 0.12)
                onward = (heading + bend + turn) * (1 - habit.rise)
                base = spine[-1] if i or order == 0 else spine[rng.integers(3, 6)]
                share = habit.ratio * rng.uniform(0.78, 1.12)
                limb(base, onward, length * share, tip * rng.uniform(0.72, 0.92), order + 1)

    limb(start, rng.normal(0, 0.06) + wind * 0.12, height * habit.trunk * 1.15, height * 0.052, 0)
    return branches


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a tree stands: its kind, foot and height in pixels, and distance from 0 (near) to 1 (far)."""

    kind: str
    foot: tuple[float, float]
    height: float
    distance: float


def stands(scene: Scene, rng: np.random.Generator) -> list[Stand]:
    """A leading tree away from the light, a few far ones; a grove has more on both sides. Far ones first."""
    away = 1.0 if scene.sun[0] < scene.width / 2 else 0.0
    places = [(abs(away - rng.uniform(0.06, 0.26)), rng.uniform(0.10, 0.2), 1.0)]
    if scene.layout == "grove":
        sides = (0.03, 0.2, 0.82, 0.97)
        places += [(x + rng.normal(0, 0.03), rng.uniform(0.05, 0.42), rng.uniform(0.9, 1.4)) for x in sides]
    else:
        places += [(rng.uniform(0, 1), rng.uniform(0.01, 0.06), rng.uniform(0.45, 0.7)) for _ in range(3)]
    return [_stand(scene, *place, rng) for place in sorted(places, key=lambda place: place[1])]


def _stand(scene: Scene, x: float, near: float, tall: float, rng: np.random.Generator) -> Stand:
    near = min(near, 0.03) if scene.watery else near
    foot = (x * scene.width, scene.horizon + near * (scene.height - scene.horizon))
    height = scene.unit * 460 * tall * (0.55 + 2.0 * near) * (1.18 if scene.portrait else 1.0)
    return Stand(str(rng.choice(scene.mood.trees)), foot, height, max(0.0, 0.42 - near * 1.6))


def paint_shadows(pixels: Pixels, scene: Scene, standing: list[Stand]) -> None:
    """Shadows over the ground, away from the light: long for a low light, longest for fear."""
    layer = np.zeros((-(-scene.height // 4), -(-scene.width // 4)), np.uint8)
    length = (1.15 - scene.rig.elevation) * (1.9 if scene.emotion == "fear" else 0.8)
    for one in standing:
        away = np.array([one.foot[0] - scene.sun[0], 0.5 * (one.foot[1] - scene.horizon) + 70 * scene.unit])
        end = np.array(one.foot) + away / (np.hypot(*away) + 1e-6) * one.height * length
        spine = np.linspace(one.foot, end, 8) / 4
        width = one.height * np.array([0.05, 0.05, 0.07, 0.12, 0.17, 0.18, 0.12, 0.02]) / 4
        fill(layer, ribbon_outline(spine, width), np.full(3, min(1.0, 0.15 + 5 * float(scene.depth_of(one.foot[1])))))
    layer[: max(0, int(scene.horizon / 4))] = 0
    soft = cv2.GaussianBlur(layer, (0, 0), 2.5 * scene.unit + 0.3).astype(np.float32) * (
        0.5 / 255 * (1 - 0.85 * scene.rig.cover)
    )
    share = cv2.resize(soft, (scene.width, scene.height))[..., None]
    pixels[:] = (pixels * (1 - share * (1 - 0.4 * scene.rig.ambient))).astype(np.uint8)


def paint_tree(pixels: Pixels, scene: Scene, stand: Stand, rng: np.random.Generator, dark: float = 0.06) -> None:
    """One tree; `dark` from 0 to 1 makes it a silhouette against the light."""
    kind, foot, height, distance = stand.kind, stand.foot, stand.height, stand.distance
    habit = HABITS[kind]
    branches = grow(habit, foot, height, scene.wind, rng)
    side = np.sign(scene.sun[0] - foot[0]) or 1.0
    tips = np.array([one.spine[-1] for one in branches if one.order >= habit.order - 1])
    leaves = leaf_colours(scene, kind)
    if habit.leaves and scene.season.leafiness > 0.3:
        _crown(pixels, scene, habit, tips, height, distance, leaves, side, rng, dark + 0.25, 0.55)
    _limbs(pixels, scene, branches, distance, side, dark)
    if kind == "willow" and scene.season.leafiness > 0.3:
        _strands(pixels, scene, tips, height, distance, leaves, rng, foot[1], dark)
    elif habit.leaves:
        _crown(pixels, scene, habit, tips, height, distance, leaves, side, rng, dark, 1.0)
    if scene.season.snow:
        _snow(pixels, scene, branches, distance)


def leaf_colours(scene: Scene, kind: str) -> tuple[Colour, ...]:
    if (kind == "blossom" and scene.season.name in {"", "spring"}) or (scene.season.blossoming and kind == "broad"):
        petal = rgb(scene.mood.blossom)
        if scene.season.name == "spring":
            petal = mix(petal, rgb("#FFD9E8"), 0.7)
        return petal, mix(petal, rgb("#FFFFFF"), 0.45), petal * 0.88, petal
    return scene.season.leaves


def _limbs(pixels: Pixels, scene: Scene, branches: list[Branch], distance: float, side: float, dark: float) -> None:
    bark = mix(rgb("#5A4636"), scene.season.leaves[0] * 0.4, 0.3)
    for one in branches:
        if one.root < 0.35:
            continue
        spine = spline(one.spine, 9)
        width = np.linspace(one.root, one.tip, 9)
        if one.order == 0:
            width = width * (1 + 0.9 * np.exp(-np.linspace(0, 7, 9)))
        light = 0.22 * (1 - dark)
        ribbon(pixels, spine, width, scene.lit(bark * 0.75, light * 0.5, distance))
        if one.root > 1.6:
            shift = np.array([side * one.root * 0.22, 0], np.float32)
            ribbon(pixels, spine + shift, width * 0.42, scene.lit(bark * 1.25, 0.75 * (1 - dark), distance))


def _crown(
    pixels: Pixels,
    scene: Scene,
    habit: Habit,
    tips: np.ndarray,
    height: float,
    distance: float,
    leaves: tuple[Colour, ...],
    side: float,
    rng: np.random.Generator,
    dark: float,
    share: float,
) -> None:
    """Dabs around the branch tips, shaded as the crown's outside turns toward the light."""
    scale = height / 460
    fewer = np.clip(height / (scene.unit * 420), 0.4, 1.0)
    count = max(1, int(habit.leaves * scene.season.leafiness * share * fewer))
    local = rng.normal(0, 0.62, (len(tips) * count, 2))
    centres = np.repeat(tips, count, 0) + local * habit.spread * scale
    middle, reach = tips.mean(0), np.maximum(np.ptp(tips, 0) / 2, 1)
    outward = (centres - middle) / reach
    facing = outward @ np.array([0.36 * side, -0.46]) + local @ np.array([0.16 * side, -0.34])
    light = np.clip(0.36 + 0.55 * facing + rng.normal(0, 0.10, len(centres)), 0, 1) * (1 - dark)
    order = np.argsort(light + rng.normal(0, 0.08, len(centres)))
    tones = np.stack(leaves)[rng.integers(0, len(leaves), len(centres))]
    tones = np.clip(tones * (0.50 + 0.72 * light[:, None]) * rng.normal(1, 0.07, (len(centres), 1)), 0, 1)
    size = habit.leaf * scale * rng.uniform(0.55, 1.35, len(centres)) * (1.35 if share < 1 else 1) / fewer**0.5
    colours = mix(scene.lit(tones, light, distance), scene.rig.light, np.clip(light * 1.6 - 1.12, 0, 0.35))
    turn = rng.uniform(-0.9, 0.9, len(centres))
    dabs(pixels, centres[order], size[order], size[order] * 0.6, turn[order], colours[order], leaf=True)


def _strands(
    pixels: Pixels,
    scene: Scene,
    tips: np.ndarray,
    height: float,
    distance: float,
    leaves: tuple[Colour, ...],
    rng: np.random.Generator,
    ground: float,
    dark: float,
) -> None:
    """A willow's hanging shoots, beaded with narrow leaves."""
    scale = height / 460
    for tip in tips[rng.permutation(len(tips))[:70]]:
        drop = min(float(ground - tip[1]) * 0.92, height * rng.uniform(0.18, 0.5))
        if drop <= 4:
            continue
        count = int(np.clip(drop / (7 * scale), 4, 26))
        t = np.linspace(0, 1, count)
        sway = scene.wind * drop * 0.35 + rng.normal(0, 10 * scale)
        x = tip[0] + sway * t**1.6 + rng.normal(0, 1.6 * scale, count)
        centres = np.stack([x, tip[1] + drop * t], -1)
        light = np.clip(rng.uniform(0.15, 0.75) + rng.normal(0, 0.12, count) - 0.25 * t, 0, 1) * (1 - dark)
        tone = leaves[rng.integers(0, len(leaves))]
        colours = scene.lit(np.broadcast_to(tone, (count, 3)), light, distance)
        size = 7.5 * scale
        dabs(pixels, centres, size, size * 0.3, np.pi / 2 + rng.normal(0, 0.35, count), colours, leaf=True)


def _snow(pixels: Pixels, scene: Scene, branches: list[Branch], distance: float) -> None:
    white = scene.lit(rgb("#F4F8FF"), 0.8, distance * 0.7)
    for one in branches:
        if one.order > 0 and one.root > 0.8:
            lifted = spline(one.spine, 8) - np.array([0, one.root * 0.38], np.float32)
            ribbon(pixels, lifted, np.linspace(one.root, one.tip, 8) * 0.55 + 0.4, white)
