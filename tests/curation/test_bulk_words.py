"""The bulk page speaks its reader's language: its scripts and its form alike."""

import pytest
from django.forms import Form
from django.utils import translation

from curation.pages.bulk import WORDS, words
from curation.pages.bulk_form import PRIORITIES, BulkForm

SAME = {"{emotion}, {orientation}", "by {name}"}


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_word_of_its_scripts_is_translated(language: str) -> None:
    with translation.override("en"):
        english = words()
    with translation.override(language):
        spoken = words()
    assert [key for key in WORDS if spoken[key] == english[key] and english[key] not in SAME] == []


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_every_label_of_its_form_is_translated(language: str) -> None:
    english, spoken = (_labels(name) for name in ("en", language))
    assert [label for label, other in zip(english, spoken, strict=True) if label == other] == []


def _labels(language: str) -> list[str]:
    with translation.override(language):
        form: Form = BulkForm()
        labels = [str(field.label) for name, field in form.fields.items() if name != "token"]
        return [*labels, *(str(name) for _value, name in PRIORITIES)]
