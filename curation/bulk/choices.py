"""What the bulk form offers, in the words of its reader."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garden.pages.words import FAVORITES
from generation.available_models import AvailableModel, available_models
from generation.models.job import Priority
from generation.prompts.templates import SEASONS, TIMES, WEATHERS

Choice = tuple[str, Promise | str]
ANIMALS = (
    "cat",
    "dog",
    "bird",
    "rabbit",
    "butterfly",
    "fish",
    "deer",
    "fox",
    "owl",
    "turtle",
    "bee",
    "horse",
    "duck",
    "squirrel",
    "hedgehog",
    "elephant",
    "frog",
    "bear",
)
PRIORITIES = [
    (Priority.BULK.value, gettext_lazy("in turn with other jobs")),
    (Priority.SINGLE.value, gettext_lazy("before other jobs")),
]


def named(words: tuple[str, ...]) -> list[Choice]:
    """Each word with its name in the reader's language."""
    return [(word, FAVORITES.get(word, word)) for word in words]


SCENERY = {"seasons": named(SEASONS), "weathers": named(WEATHERS), "times": named(TIMES)}


def maker_choices() -> list[Any]:
    """Engines as groups, where one has several models."""
    return [(maker.value, _label(maker)) for maker in available_models()]


def _label(maker: AvailableModel) -> str:
    if maker.is_painter:
        return _("the painter (drawn by rules, no diffusion model)")
    if maker.card is None:
        return maker.engine
    told = _("%(model)s (%(engine)s; licence: %(licence)s)")
    return told % {"model": maker.card.name, "engine": maker.engine, "licence": maker.card.licence}
