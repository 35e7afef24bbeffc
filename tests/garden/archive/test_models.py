"""No model is forgotten: a new one is backed up, or somebody said why not."""

from django.apps import apps

from garden.archive.rows.models import ACCOUNTS, CHOICES, EXCEPTIONS, backed_up_models
from garden.archive.rows.standing import HARMLESS


def labels() -> set[str]:
    return {model._meta.label for model in backed_up_models()}


def test_it_backs_up_every_model_or_says_why_not() -> None:
    every = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert every == labels() | set(ACCOUNTS) | set(EXCEPTIONS)
    assert not labels() & set(EXCEPTIONS)
    assert all(EXCEPTIONS.values())


def test_it_leaves_out_by_choice_only_what_there_is() -> None:
    assert {label for chosen in CHOICES.values() for label in chosen} <= labels()
    assert labels() >= HARMLESS


def test_it_leaves_out_what_cannot_stand_without_what_is_left_out() -> None:
    without = {model._meta.label for model in backed_up_models(["visitors", "interactions"])}
    assert labels() - without == {
        "garden.Visitor",
        "recommend.Interaction",
        "recommend.OutgoingEvent",
        "recommend.Slate",
    }
