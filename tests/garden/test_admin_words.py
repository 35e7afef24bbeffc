"""The words of the admin that is kept in several languages: none of them is English alone."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import override

from garden.models import Kiosk, KioskKey
from garden.models.choices import CONTEXTS, PRIVACY_PACKS
from garden.privacy.packs import PACKS, SiteContext
from generation.models import CreditAccount, CreditPlan
from recommend.backends.base import Kind
from recommend.models.interaction import FORGOTTEN, KINDS
from tests.garden.pages.test_words import translations

WHERE = ("garden", "recommend", "generation", "curation")
A_KEY = re.compile(r"[a-z]+(_[a-z]+)+").fullmatch
"""What stands between quotes inside `gettext(WORDS["of_a_key"])` is no word."""
IN_CONTEXT = ((1, "c"), 2)
CALLS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), IN_CONTEXT),
}


def modules() -> Iterator[Path]:
    for place in WHERE:
        yield from (Path(settings.BASE_DIR) / place).rglob("*.py")


@cache
def words() -> set[str]:
    """Of what counts, how it is for many."""
    found: set[str] = set()
    for module in modules():
        for _line, message, *_rest in extract_from_file("python", str(module), keywords=CALLS):
            found.add(message if isinstance(message, str) else message[-1])
    return {word for word in found if word and not A_KEY(word)}


def labels(model: type[Model]) -> Iterator[tuple[str, object]]:
    """What the admin calls a model, the fields that it shows of it, and what is chosen in them."""
    for name in ("verbose_name", "verbose_name_plural"):
        yield name, getattr(model._meta, name)
    for field in model._meta.fields:
        if field.editable and field.name != "id":
            yield field.name, field.verbose_name
        for value, choice in field.flatchoices:
            yield f"{field.name}: {value}", choice


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_word_of_the_admin_is_translated(language: str) -> None:
    translated = translations(language)
    assert len(words()) > 1_000
    assert sorted(word for word in words() if not translated.get(word)) == []


@pytest.mark.parametrize("app", WHERE)
def test_nothing_in_the_admin_has_an_english_name_alone(app: str) -> None:
    config = apps.get_app_config(app)
    named = [(model.__name__, *label) for model in config.get_models() for label in labels(model)]
    assert [label for label in named if not isinstance(label[-1], Promise)] == []
    assert isinstance(config.verbose_name, Promise)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ko", ("크레딧 계정", "하루 크레딧", "얼굴을 읽는 곳", "취소됨", "유럽 연합", "공공장소")),
        ("ja", ("クレジット口座", "1日のクレジット", "顔を読み取る場所", "失効", "欧州連合(EU)", "公共の場所")),
    ],
)
def test_names_and_choices_are_shown_in_the_readers_language(language: str, words: tuple[str, ...]) -> None:
    kiosk = Kiosk(privacy_pack="eu", context="public-space")
    fields = (CreditPlan._meta.get_field("daily"), Kiosk._meta.get_field("reader"), KioskKey._meta.get_field("revoked"))
    with override(language):
        shown = [CreditAccount._meta.verbose_name, *(field.verbose_name for field in fields)]
        assert (*map(str, shown), kiosk.get_privacy_pack_display(), kiosk.get_context_display()) == words


def test_every_rule_and_every_place_can_be_chosen() -> None:
    assert [value for value, _label in PRIVACY_PACKS] == list(PACKS)
    assert [value for value, _label in CONTEXTS] == [context.value for context in SiteContext]
    assert [value for value, _label in KINDS] == [*(kind.value for kind in Kind), FORGOTTEN]
