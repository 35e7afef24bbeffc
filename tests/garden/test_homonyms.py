"""Django merges the catalogues of all apps: an id that means two things is shown in one of its senses everywhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, override, pgettext

from garden.models import Image
from generation.models.job import Control
from tests.garden.test_admin_words import CALLS, modules

HOMONYMS = {
    "active": "of a job, of a device",
    "dislike": "of a curator, of a visitor",
    "done": "a state, a number",
    "Generation": "making pictures, an age group",
    "like": "of a curator, of a visitor",
    "liked": "of a curator, of a visitor",
    "made": "a date, a state, a picture",
    "mood": "of a picture, of a visitor",
    "place": "a rank, a room, a tag of pictures",
    "removed": "a date, a kind of change",
    "Stop": "a visit, a GPU",
}
"""Words with several meanings in this product: each use says which, as in `pgettext("job", "active")`."""
PLAIN = re.compile(r"""{%\s*translate\s+"([^"]+)"\s*(?:as\s+\w+\s*)?%}""")
Key = tuple[str | None, str]


def catalogues(language: str) -> Iterator[tuple[str, dict[Key, str]]]:
    """App and domain, and its translations by context and id; of what counts, the first form."""
    for path in sorted(Path(settings.BASE_DIR).glob(f"*/locale/{language}/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            entries = [entry for entry in read_po(file) if entry.id]
        yield (
            f"{path.parents[3].name}/{path.name}",
            {
                (entry.context, entry.id if isinstance(entry.id, str) else entry.id[0]): str(entry.string)
                for entry in entries
            },
        )


def ids_without_context() -> Iterator[str]:
    for module in modules():
        for _line, message, _comments, context in extract_from_file("python", str(module), keywords=CALLS):
            if context is None:
                yield from (message,) if isinstance(message, str) else message
    for template in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        yield from PLAIN.findall(template.read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_no_id_is_translated_in_two_ways(language: str) -> None:
    meanings: dict[Key, dict[str, str]] = {}
    for app, translated in catalogues(language):
        for key, text in translated.items():
            meanings.setdefault(key, {})[app] = text
    assert {key: apps for key, apps in meanings.items() if len(set(apps.values())) > 1} == {}


def test_a_word_of_several_meanings_always_says_which() -> None:
    assert sorted(set(ids_without_context()) & set(HOMONYMS)) == []


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_no_catalogue_has_such_a_word_without_its_meaning(language: str) -> None:
    found = {key for _app, translated in catalogues(language) for key in translated}
    assert sorted(word for word in HOMONYMS if (None, word) in found) == []


def test_each_meaning_is_shown_in_its_own_words() -> None:
    with override("ko"):
        assert str(apps.get_app_config("generation").verbose_name) == "그림 생성"
        assert gettext("Age group") == "연령대"
        assert str(Image._meta.get_field("trashed_at").verbose_name) == "내린 시각"
        assert str(Control.ACTIVE.label) == "진행 중"
        assert pgettext("gpu", "Stop") == "끄기"
        assert pgettext("visit", "Stop") == "그만하기"
    with override("ja"):
        assert pgettext("change", "removed") == "外した絵"
        assert pgettext("rank", "place") == "順位"
