"""What is signed must be understood: every sentence of the rules in every language."""

import pytest
from django.utils.translation import gettext, override

from garden.pages.words import WORDS as PAGE_WORDS
from garden.privacy.notices import FACELESS_WORDS, FORM_WORDS, WORDS
from garden.privacy.packs import PACKS, Pack
from tests.garden.pages.test_words import translations


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_sentence_is_translated(language: str) -> None:
    translated = translations(language)
    wanted = {*WORDS.values(), *FORM_WORDS.values(), *FACELESS_WORDS.values()}
    assert [text for text in wanted if not translated.get(text)] == []


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: str(pack.name))
def test_a_pack_says_only_sentences_that_there_are(pack: object) -> None:
    message = {*pack.notice, *pack.statements, pack.guardian_statement} - {"", "consent_reader"}  # type: ignore[attr-defined]
    assert message <= set(WORDS)


def test_a_sentence_is_written_once() -> None:
    assert not set(PAGE_WORDS) & {*WORDS, *FORM_WORDS, *FACELESS_WORDS}


GENDER = {"en": "gender", "ko": "성별", "ja": "性別"}
OF_FACES = ("consent_once", "notice_emotion_ai", "notice_geometry", "notice_items", "agree_face_reading")
KEPT = ("consent_kept", "consent_kept_days")


@pytest.mark.parametrize("language", GENDER)
def test_who_is_told_what_is_guessed_is_told_that_gender_is(language: str) -> None:
    with override(language):
        assert [key for key in (*OF_FACES, *KEPT) if GENDER[language] not in gettext(WORDS[key])] == []


VISIT = {"en": ("visit", "time"), "ko": ("방문", "기간"), "ja": ("来場", "期間")}
LATER = {"en": "choose better later", "ko": "추천 개선", "ja": "おすすめの改善"}
OF_LAW = {"ko": ("개인정보처리자", "동의합니다"), "ja": ("個人情報取扱事業者", "同意します")}


@pytest.mark.parametrize("language", VISIT)
def test_consent_holds_for_the_time_that_was_told_not_for_the_visit(language: str) -> None:
    of_the_visit, of_the_time = VISIT[language]
    with override(language):
        agreed = gettext(WORDS["agree_collection"])
    assert of_the_visit not in agreed
    assert of_the_time in agreed


def test_every_pack_has_the_purpose_in_its_notice() -> None:
    assert [pack.name for pack in PACKS.values() if "notice_purpose" not in pack.notice] == []


@pytest.mark.parametrize("language", LATER)
def test_the_purpose_says_that_likes_teach_what_is_chosen_later(language: str) -> None:
    with override(language):
        assert LATER[language] in gettext(WORDS["notice_purpose"])


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: str(pack.name))
def test_who_is_kept_longer_than_the_visit_is_told_of_their_number(pack: Pack) -> None:
    reported = {"consent_kept", "consent_kept_days"} & set(pack.notice)
    assert bool(reported) != pack.forgets_at_goodbye
    assert all("number that the last screen shows" in WORDS[key] for key in reported)


@pytest.mark.parametrize("language", OF_LAW)
def test_controller_and_consent_are_in_the_words_of_the_law(language: str) -> None:
    controller, agreed = OF_LAW[language]
    with override(language):
        assert gettext(FORM_WORDS["agree_who"]).startswith(controller)
        assert gettext(FORM_WORDS["agree_yes"]) == agreed
