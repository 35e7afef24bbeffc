"""The visitors' words: complete in each language, with the same blanks to fill."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

from garden.pages.words import WORDS

TEXT = re.compile(r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
CALL = re.compile(rf"\b(n?p?gettext|_)\(((?:\s*{TEXT.pattern},?\s*)+)")
OF_DJANGO = {"Django site admin"}
BLANK = re.compile(r"\{\w+\}|%\(\w+\)s")


def translations(language: str, catalogues: str = "django.po") -> dict[str, str]:
    """Of every app that has words of its own."""
    found: dict[str, str] = {}
    for catalog in Path(settings.BASE_DIR).glob(f"*/locale/{language}/LC_MESSAGES/{catalogues}"):
        with catalog.open("rb") as file:
            found.update(_pair(entry) for entry in read_po(file) if entry.id and not entry.fuzzy)
    return found


def _pair(entry: Message) -> tuple[str, str]:
    """A word and its translation; of words that count, how they are for many."""
    if isinstance(entry.id, str):
        return entry.id, str(entry.string)
    return str(entry.id[-1]), str((entry.string or ("",))[-1])


def words_in_templates() -> set[str]:
    """Of `translate` and `blocktranslate`; of words that count, how they are for many."""
    return {
        word for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html") for word in _words_of(template)
    }


def _words_of(template: Path) -> Iterator[str]:
    """What Django itself would hand to gettext, one call a line."""
    code = templatize(template.read_text(encoding="utf-8"), origin=str(template))
    for name, arguments in CALL.findall(re.sub(r"\n\s+", "\n", code)):
        texts = [ast.literal_eval(text.lstrip("u")) for text in TEXT.findall(arguments)]
        yield texts[-1] if name != "pgettext" else texts[1]


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_word_is_translated(language: str) -> None:
    translated = translations(language)
    wanted = {text._args[-1] for text in WORDS.values()} | words_in_templates()  # type: ignore[union-attr]
    assert sorted(word for word in wanted - OF_DJANGO if not translated.get(word)) == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_translations_have_the_same_blanks(language: str) -> None:
    for word, translation in translations(language, "*.po").items():
        assert sorted(BLANK.findall(word)) == sorted(BLANK.findall(translation)), word
