"""The letters that came with the pages are those that the pages say."""

import re

import pytest
from django.test import Client

from tools.fonts.subset import FOLDER, Face, faces

RANGE = re.compile(r"U\+([0-9a-f]+)(?:-([0-9a-f]+))?", re.IGNORECASE)
OTHER_LETTERS = re.compile("[가-힣ぁ-ヿ一-鿿]")
LARGE = re.compile(r"<h[12].*?</h[12]>", re.DOTALL)


def styled(face: Face) -> set[str]:
    """The letters that the style sheet promises of a face."""
    rules = (FOLDER / "fonts.css").read_text(encoding="utf-8").split("@font-face")
    [rule] = [rule for rule in rules if f'url("{face.name}.woff2")' in rule]
    runs = [(int(first, 16), int(last or first, 16)) for first, last in RANGE.findall(rule)]
    return {chr(code) for first, last in runs for code in range(first, last + 1)}


@pytest.mark.parametrize("face", faces(), ids=lambda face: face.name)
def test_every_letter_of_the_words_is_there(face: Face) -> None:
    missing = face.letters - styled(face)
    assert not missing, f"python -m tools.fonts.subset: {''.join(sorted(missing))}"
    assert (FOLDER / f"{face.name}.woff2").read_bytes()[:4] == b"wOF2"


def letters_of(name: str) -> set[str]:
    known = {name, f"{name}-late", "names", "names-ko"}
    return {letter for face in faces() if face.name in known for letter in styled(face)}


@pytest.mark.parametrize("language", ["ko", "ja"])
@pytest.mark.parametrize("page", ["about", "privacy"])
def test_pages_to_be_read_show_every_letter(client: Client, db: None, page: str, language: str) -> None:
    shown = client.get(f"/{page}/?lang={language}").content.decode()
    assert OTHER_LETTERS.search(shown)
    assert not set(OTHER_LETTERS.findall(shown)) - letters_of(f"sans-{language}")
    assert not set(OTHER_LETTERS.findall("".join(LARGE.findall(shown)))) - letters_of(f"serif-{language}")


@pytest.mark.parametrize("page", ["/about/", "/privacy/", "/try/garden/", "/wall/"])
def test_where_names_of_others_are_shown_the_whole_fonts_are_there(client: Client, db: None, page: str) -> None:
    shown = client.get(page).content.decode()
    for font in ("noto-sans-kr", "noto-sans-jp"):
        assert f"vendor/{font}/index.css" in shown
