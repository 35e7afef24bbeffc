"""What is signed must be understood: every sentence of the rules in every language."""

import pytest

from garden.pages.words import WORDS as PAGE_WORDS
from garden.privacy.packs import PACKS
from garden.privacy.words import FACELESS_WORDS, FORM_WORDS, WORDS
from tests.garden.pages.test_words import translations


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_sentence_is_translated(language: str) -> None:
    translated = translations(language)
    wanted = {*WORDS.values(), *FORM_WORDS.values(), *FACELESS_WORDS.values()}
    assert [text for text in wanted if not translated.get(text)] == []


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: str(pack.name))
def test_a_pack_says_only_sentences_that_there_are(pack: object) -> None:
    said = {*pack.notice, *pack.statements, pack.guardian_statement} - {"", "consent_reader"}  # type: ignore[attr-defined]
    assert said <= set(WORDS)


def test_what_the_open_page_says_is_the_same_sentence_everywhere() -> None:
    shared = set(PAGE_WORDS) & set(WORDS)
    assert len(shared) == 4
    assert {key: str(PAGE_WORDS[key]) for key in shared} == {key: WORDS[key] for key in shared}
