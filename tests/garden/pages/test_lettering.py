"""The letters that came with the pages are those that the pages say."""

import re

import pytest

from garden.pages.lettering import FOLDER, Face, faces

RANGE = re.compile(r"U\+([0-9a-f]+)", re.IGNORECASE)


def styled(face: Face) -> set[str]:
    """The letters that the style sheet promises of a face."""
    rules = (FOLDER / "fonts.css").read_text(encoding="utf-8").split("@font-face")
    [rule] = [rule for rule in rules if f'url("{face.name}.woff2")' in rule]
    return {chr(int(code, 16)) for code in RANGE.findall(rule)}


@pytest.mark.parametrize("face", faces(), ids=lambda face: face.name)
def test_every_letter_of_the_words_is_there(face: Face) -> None:
    missing = face.letters - styled(face)
    assert not missing, f"python -m garden.pages.lettering: {''.join(sorted(missing))}"
    assert (FOLDER / f"{face.name}.woff2").read_bytes()[:4] == b"wOF2"
