"""One whole visit over HTTP: a portrait in, a garden out, a like, and what the like changed."""

import io
import os
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from PIL import Image

TIMEOUT = 30
SAMPLE = settings.BASE_DIR / "docs" / "portrait.jpeg"
"""In the public domain: docs/portrait.txt."""


class Command(BaseCommand):
    help = "Send a portrait through a running server and like a picture."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://localhost:8000", help="URL of the server")
        parser.add_argument("--api-key", default="", help="a kiosk key, if the server requires one")
        parser.add_argument("--photo", type=Path, default=SAMPLE, help="your own portrait; default: a sample")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            photo = options["photo"].read_bytes()
        except OSError as error:
            raise CommandError(f"No photo: {error}. Name one with --photo.") from error
        try:
            self._visit(Visit(options["url"].rstrip("/"), options["api_key"]), photo)
        except requests.RequestException as error:
            raise CommandError(f"The visit failed: {error}. Is the server running (make run)?") from error

    def _visit(self, visit: "Visit", photo: bytes) -> None:
        reading = visit.show_face(photo)
        mood, ages = reading["emotions"].lower(), f"{reading['ageRange']['Low']}–{reading['ageRange']['High']}"
        self.stdout.write(f"You look {mood} ({reading['gender']}, {ages}, {reading['generation']}).")
        before = visit.ask_garden(reading)
        shown = before["landscape"][:3]
        self.stdout.write("Three pictures for that mood:")
        if self.stdout.isatty() and os.environ.get("COLORTERM") in ("truecolor", "24bit"):
            self.stdout.write(as_text([visit.picture(picture["url"]) for picture in shown]))
        for picture in shown:
            self.stdout.write(f"  {picture['url']}   expected like-rate {picture['score']:.4f}")
        liked = shown[-1]
        visit.like(liked["key"], [picture["key"] for picture in shown], before["recommendationId"])
        self.stdout.write(f"Liked: {liked['key']}")
        after = {picture["key"]: picture for picture in visit.ask_garden(reading)["landscape"]}
        self.stdout.write("What changed (expected like-rate before → after):")
        for picture in shown:
            self.stdout.write(f"  {picture['score']:.4f} → {after[picture['key']]['score']:.4f}  {picture['key']}")


COLUMNS, ROWS = 25, 8
"""Of a terminal, for one picture of 16:10; a character is two pixels high."""


def as_text(pictures: list[Image.Image]) -> str:
    """Pictures side by side in 24-bit colours: the upper pixel is a half block, the lower one its background."""
    small = [picture.convert("RGB").resize((COLUMNS, 2 * ROWS), Image.Resampling.LANCZOS) for picture in pictures]
    return "\n".join("  " + " ".join(_line(picture, row) for picture in small) for row in range(ROWS))


def _line(picture: Image.Image, row: int) -> str:
    pairs = ((_colour(picture, x, 2 * row), _colour(picture, x, 2 * row + 1)) for x in range(picture.width))
    return "".join(f"\x1b[38;2;{upper};48;2;{lower}m▀" for upper, lower in pairs) + "\x1b[0m"


def _colour(picture: Image.Image, x: int, y: int) -> str:
    pixel = picture.getpixel((x, y))
    return ";".join(map(str, pixel)) if isinstance(pixel, tuple) else str(pixel)


class Visit:
    """A kiosk's requests for one visitor."""

    def __init__(self, url: str, api_key: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.headers["X-user-id"] = self._id = str(uuid.uuid4())
        if api_key:
            self._session.headers["x-api-key"] = api_key

    def show_face(self, photo: bytes) -> dict[str, Any]:
        return self._json(self._session.post(f"{self._url}/emotion", data=photo, timeout=TIMEOUT))

    def ask_garden(self, reading: dict[str, Any]) -> dict[str, Any]:
        asked = {"id": self._id, "emotion": reading["emotions"].lower(), "generation": reading["generation"]}
        return self._json(self._session.post(f"{self._url}/garden", json=asked, timeout=TIMEOUT))

    def picture(self, url: str) -> Image.Image:
        response = self._session.get(url, timeout=TIMEOUT)
        response.raise_for_status()
        return Image.open(io.BytesIO(response.content))

    def like(self, item: str, impression: list[str], recommendation: str) -> None:
        liked = {"id": self._id, "itemId": item, "impression": impression, "recommendationId": recommendation}
        self._session.post(f"{self._url}/like", json=liked, timeout=TIMEOUT).raise_for_status()

    def _json(self, response: requests.Response) -> dict[str, Any]:
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer
