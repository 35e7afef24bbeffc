"""Photographs made worse by a known amount: blurred, shaken, dark, too bright, far away, turned, covered."""

from collections.abc import Callable

import cv2
import numpy as np
from scipy.interpolate import LinearNDInterpolator

from garden.faces.local.faces import Face
from garden.faces.local.mesh import LEFT_EYE_OUTER, LIP_CORNER_LEFT, LIP_CORNER_RIGHT, RIGHT_EYE_OUTER
from garden.faces.local.networks import Tensor
from garden.faces.local.portrait import Pixels

Worsen = Callable[[Pixels, Face, float, np.random.Generator], Pixels]

GAMMA = 2.2
READ_NOISE, FULL_WELL = 0.002, 2000.0
"""A small camera's: noise without light as a part of white, and the electrons of white."""


def blurred(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """Out of focus by `level` eye distances (the standard deviation)."""
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), max(level * face.eye_distance, 1e-3)), np.uint8)


def shaken(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """Moved by `level` eye distances while the picture was taken, in any direction."""
    length = max(1, round(level * face.eye_distance))
    side = 2 * length + 1
    kernel = np.zeros((side, side), np.float32)
    angle = random.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = ((length + sign * reach).round().astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


def exposed(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """With `level` times the light, as a small camera records it: grain below, white above."""
    light = (pixels.astype(np.float32) / 255) ** GAMMA * level
    deviation = np.sqrt(light / FULL_WELL + READ_NOISE**2) if level < 1 else np.zeros_like(light)
    grainy = light + deviation * random.standard_normal(light.shape, dtype=np.float32)
    return _compressed(np.clip(grainy, 0, 1) ** (1 / GAMMA) * 255)


def shrunk(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """With the eyes `level` pixels apart; never enlarged."""
    factor = min(1.0, level / face.eye_distance)
    size = (max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor)))
    return _compressed(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA).astype(np.float32))


def _compressed(picture: Tensor) -> Pixels:
    """As a kiosk sends it."""
    bgr = np.clip(picture.round(), 0, 255).astype(np.uint8)[..., ::-1]
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


GRID = 64
REACH = 1.3
"""Half the side of the part of the photo that is bent, in frames."""

BEHIND = 0.5
"""How far behind the mesh's middle a head turns, in frames."""


def turned(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """By `level` degrees of yaw; positive is to the person's own left."""
    return _bent(pixels, face, np.radians(level), 0.0)


def nodded(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """By `level` degrees of pitch; positive is up."""
    return _bent(pixels, face, 0.0, np.radians(level))


def _bent(pixels: Pixels, face: Face, yaw: float, pitch: float) -> Pixels:
    before = face.mesh.points
    after = _rotated(before, yaw, pitch)[:, :2]
    border = _border()
    shift = LinearNDInterpolator(
        np.vstack([after, border]), np.vstack([before[:, :2] - after, np.zeros_like(border)]), fill_value=0.0
    )
    steps = np.linspace(-REACH, REACH, GRID)
    shifts = shift(*np.meshgrid(steps, steps)).astype(np.float32)
    return _remapped(pixels, face, cv2.GaussianBlur(shifts, (0, 0), 0.7))


def _rotated(points: Tensor, yaw: float, pitch: float) -> Tensor:
    """x right, y down, z away, about an axis within the head."""
    pivot = np.array([*points.mean(axis=0)[:2], points[:, 2].mean() + BEHIND])
    x, y, z = (points - pivot).T
    x, z = x * np.cos(yaw) - z * np.sin(yaw), x * np.sin(yaw) + z * np.cos(yaw)
    y, z = y * np.cos(pitch) + z * np.sin(pitch), -y * np.sin(pitch) + z * np.cos(pitch)
    return np.asarray(np.stack([x, y, z], axis=1) + pivot)


def _border() -> Tensor:
    edge = np.linspace(-REACH, REACH, 12)
    far = np.full_like(edge, REACH)
    return np.vstack([np.stack(pair, 1) for pair in ((edge, far), (edge, -far), (far, edge), (-far, edge))])


def _remapped(pixels: Pixels, face: Face, shifts: Tensor) -> Pixels:
    """Every pixel near the face is taken from where `shifts` (in the frame's measure) says."""
    height, width, _ = pixels.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    places = np.stack([columns.ravel(), rows.ravel()], axis=1)
    local = face.frame.from_photo(places).astype(np.float32)
    at = ((local / REACH + 1) / 2 * (GRID - 1)).reshape(height, width, 2)
    moved = cv2.remap(shifts, at, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    source = face.frame.to_photo(local + moved.reshape(-1, 2)).astype(np.float32).reshape(height, width, 2)
    return np.asarray(cv2.remap(pixels, source, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


CHEEKS = (50, 280)
NOSE_BRIDGE = 195
Draw = Callable[[Pixels, Tensor, np.random.Generator], Pixels]


def covered(pixels: Pixels, face: Face, level: float, random: np.random.Generator) -> Pixels:
    """By the thing of this number (see KINDS), of a random size, place and look."""
    return KINDS[list(KINDS)[int(level)]](pixels, face.frame.to_photo(face.mesh.flat), random)


def _mask(pixels: Pixels, points: Tensor, random: np.random.Generator) -> Pixels:
    """Cloth from the nose to the chin."""
    down = _down(points)
    lower = points[(points - points[NOSE_BRIDGE]) @ down > random.uniform(-0.02, 0.08) * _width(points)]
    cloth = np.array([(205, 225, 235), (240, 240, 240), (30, 30, 34), (90, 120, 170)])[random.integers(4)]
    return _painted(pixels, cv2.convexHull(lower.astype(np.float32)), cloth, random)


def _hand(pixels: Pixels, points: Tensor, random: np.random.Generator) -> Pixels:
    """Fingers and a palm of the person's own skin over mouth, cheek or eye."""
    width = _width(points)
    skin = np.median([_colour(pixels, points[index]) for index in CHEEKS], axis=0) * random.uniform(0.75, 1.05)
    place = points[random.choice([LIP_CORNER_LEFT, LIP_CORNER_RIGHT, RIGHT_EYE_OUTER, LEFT_EYE_OUTER, 13, 4])]
    angle = random.uniform(0, 2 * np.pi)
    along, aside = _turned([np.cos(angle), np.sin(angle)]), _turned([-np.sin(angle), np.cos(angle)])
    for finger in range(4):
        root = place + aside * (finger - 1.5) * 0.13 * width
        tip = root + along * width * random.uniform(0.3, 0.5)
        pixels = _painted(pixels, _capsule(root - along * 0.2 * width, tip, 0.07 * width), skin, random)
    return _painted(
        pixels, _capsule(place - along * 0.5 * width, place - along * 0.2 * width, 0.28 * width), skin, random
    )


def _thing(pixels: Pixels, points: Tensor, random: np.random.Generator) -> Pixels:
    """A phone, a cup, a leaflet: a tilted box over some of the face."""
    width = _width(points)
    middle = points[random.integers(len(points))]
    box = cv2.boxPoints((middle.tolist(), (width * random.uniform(0.45, 0.8, 2)).tolist(), random.uniform(0, 180)))
    return _painted(pixels, box, random.uniform(0, 255, 3), random)


def _fringe(pixels: Pixels, points: Tensor, random: np.random.Generator) -> Pixels:
    """Hair over the brows and eyes."""
    width, down = _width(points), _down(points)
    colour = np.array([(25, 20, 18), (70, 48, 30), (150, 120, 80)])[random.integers(3)]
    right, left = points[RIGHT_EYE_OUTER], points[LEFT_EYE_OUTER]
    for part in np.linspace(-0.2, 1.2, 14):
        root = right + (left - right) * part - down * 0.5 * width
        tip = root + down * width * random.uniform(0.5, 0.68)
        pixels = _painted(pixels, _capsule(root, tip, 0.045 * width), colour, random)
    return pixels


def _shoulder(pixels: Pixels, points: Tensor, random: np.random.Generator) -> Pixels:
    """An occlusion of one side of the face."""
    width, down = _width(points), _down(points)
    aside = np.array([down[1], -down[0]]) * random.choice([-1, 1])
    middle = points.mean(axis=0) + aside * width * random.uniform(0.0, 0.15)
    box = [middle - down * 3 * width, middle + down * 3 * width]
    edge = [box[1] + aside * 3 * width, box[0] + aside * 3 * width]
    return _painted(pixels, np.array(box + edge, np.float32), random.uniform(20, 200, 3), random)


KINDS: dict[str, Draw] = {"mask": _mask, "hand": _hand, "thing": _thing, "fringe": _fringe, "shoulder": _shoulder}


def _width(points: Tensor) -> float:
    """A face's, in pixels."""
    return float(np.linalg.norm(points[454] - points[234]))


def _down(points: Tensor) -> Tensor:
    down = points[152] - points[10]
    return np.asarray(down / max(float(np.linalg.norm(down)), 1e-6))


def _turned(pair: list[float]) -> Tensor:
    return np.array(pair, np.float32)


def _colour(pixels: Pixels, point: Tensor) -> Tensor:
    height, width, _ = pixels.shape
    x, y = np.clip(point.round().astype(int), 0, [width - 1, height - 1])
    return np.asarray(pixels[y, x], np.float32)


def _capsule(one: Tensor, other: Tensor, radius: float) -> Tensor:
    angles = np.linspace(0, 2 * np.pi, 24)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
    return np.asarray(cv2.convexHull(np.vstack([one + ring, other + ring]).astype(np.float32)))


def _painted(pixels: Pixels, outline: Tensor, colour: Tensor, random: np.random.Generator) -> Pixels:
    """With soft edges, light from one side and the grain of cloth or skin."""
    height, width, _ = pixels.shape
    cover = np.zeros((height, width), np.float32)
    cv2.fillPoly(cover, [outline.reshape(-1, 2).round().astype(np.int32)], 1.0, lineType=cv2.LINE_AA)
    rows, columns = np.mgrid[0:height, 0:width] / max(height, width)
    light = 1 + random.uniform(-0.5, 0.5) * (rows - 0.5) + random.uniform(-0.5, 0.5) * (columns - 0.5)
    grain = cv2.GaussianBlur(random.normal(0, 14, (height, width)), (0, 0), 1.0)
    paint = np.asarray(colour) * light[..., None] + grain[..., None]
    cover = cv2.GaussianBlur(cover, (0, 0), 0.8)[..., None]
    return np.asarray(np.clip(pixels * (1 - cover) + paint * cover, 0, 255), np.uint8)
