"""The form for new pictures: what a curator chooses becomes an order."""

import re
from collections.abc import Mapping, Sequence
from itertools import product
from math import ceil
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from garden.errors import GardenError
from garden.models.choices import EMOTIONS
from garden.pages.words import FAVORITES, MOOD_OF, MoodWords
from garden.storage.keys import MAX_LENGTH, is_favorite
from garden.vocabulary import Emotion, Orientation
from generation.available_models import AvailableModel, available_models
from generation.engines.base import PAIR, RESOLUTIONS, Ability, orientation_of_size
from generation.models import Slot
from generation.models.job import Priority
from generation.orders import MAX_PICTURES, SEEDS, BulkOrder, BulkPlan, plan_bulk
from generation.prompts.templates import (
    SEASONS,
    STYLE,
    TIMES,
    WEATHERS,
    Axis,
    bulk_prompt,
    never_shown,
    values_of,
)

Size = tuple[int, int]
_WRITTEN = re.compile(r"\s*(\d{1,5})\s*[x×*]\s*(\d{1,5})\s*", re.IGNORECASE)


def written(size: Size) -> str:
    return f"{size[0]}×{size[1]}"


def usual_sizes(orientation: Orientation) -> list[str]:
    """The largest first; portraits are landscapes turned."""
    turned = {
        (min(size), max(size)) if orientation is Orientation.PORTRAIT else (max(size), min(size))
        for size in RESOLUTIONS
    }
    return [written(size) for size in sorted(turned, reverse=True)]


class SizeField(forms.CharField):
    """Width and height in pixels of one orientation; empty makes none of it."""

    def __init__(self, orientation: Orientation, **options: Any) -> None:
        self._orientation = orientation
        listed = forms.TextInput(attrs={"list": f"{orientation}-sizes", "autocomplete": "off"})
        super().__init__(required=False, max_length=20, widget=listed, **options)

    def clean(self, value: Any) -> Size | None:
        text = super().clean(value)
        if not text:
            return None
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValidationError(_("Write a size as width×height, for example 1280×800."))
        width, height = int(found[1]), int(found[2])
        if orientation_of_size(width, height) is not self._orientation:
            if self._orientation is Orientation.PORTRAIT:
                raise ValidationError(_("A portrait is higher than wide."))
            raise ValidationError(_("A landscape is at least as wide as high."))
        return width, height


Choice = tuple[str, Promise | str]
ANIMALS = (
    *("cat", "dog", "bird", "rabbit", "butterfly", "fish", "deer", "fox", "owl"),
    *("turtle", "bee", "horse", "duck", "squirrel", "hedgehog", "elephant", "frog", "bear"),
)
PRIORITIES = [
    (Priority.BULK.value, gettext_lazy("normal")),
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
    text = _("%(model)s (%(engine)s; licence: %(licence)s)")
    label = text % {"model": maker.model or maker.card.name, "engine": maker.engine, "licence": maker.card.licence}
    if not maker.mode:
        return label
    if maker.distance is None:
        return _("%(model)s: other pictures than exact, not compared yet") % {"model": label}
    return _("%(model)s: distance from exact %(distance)s") % {"model": label, "distance": f"{maker.distance:.3f}"}


class SeveralField(forms.MultipleChoiceField):
    """Any number of the choices, each with a box."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Sequence[Choice], **options: Any) -> None:
        super().__init__(choices=choices, required=False, **options)


class LongField(forms.CharField):
    """Words of a prompt, over several lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=10_000, required=False, **options)


class CombinationsField(forms.MultipleChoiceField):
    """Combinations of an emotion and a favorite that are left out, each as `calm|cat`."""

    widget = forms.MultipleHiddenInput

    def valid_value(self, value: str) -> bool:
        return "|" in value and len(value) <= MAX_LENGTH


class MakeForm(forms.Form):
    token = forms.CharField(max_length=64, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    sentence = LongField(label=gettext_lazy("What the pictures show"))
    emotions = SeveralField(EMOTIONS, label=gettext_lazy("Emotions"))
    animals = SeveralField(named(ANIMALS), label=gettext_lazy("Animals and things"))
    more = forms.CharField(max_length=1000, required=False, label=gettext_lazy("More, separated by commas"))
    seasons = SeveralField(SCENERY["seasons"], label=gettext_lazy("Season"))
    weathers = SeveralField(SCENERY["weathers"], label=gettext_lazy("Weather"))
    times = SeveralField(SCENERY["times"], label=gettext_lazy("Time of day"))
    combine = forms.BooleanField(
        initial=True, required=False, label=gettext_lazy("Combine: a cat and snow make a cat in the snow")
    )
    bare = forms.BooleanField(required=False, label=gettext_lazy("Also without a favorite"))
    without = CombinationsField(required=False)
    repeats = forms.IntegerField(
        min_value=1, max_value=MAX_PICTURES, initial=1, label=gettext_lazy("Pictures of each combination and size")
    )
    landscape = SizeField(
        Orientation.LANDSCAPE, initial=written(PAIR[Orientation.LANDSCAPE]), label=gettext_lazy("Landscape")
    )
    portrait = SizeField(
        Orientation.PORTRAIT, initial=written(PAIR[Orientation.PORTRAIT]), label=gettext_lazy("Portrait")
    )
    maker = forms.ChoiceField(choices=maker_choices, label=gettext_lazy("Engine"))
    priority = forms.TypedChoiceField(
        choices=PRIORITIES, coerce=int, initial=Priority.BULK.value, label=gettext_lazy("Priority")
    )
    rotate = forms.BooleanField(required=False, label=gettext_lazy("Use the emotion's prompt templates in turn"))
    others = LongField(initial=STYLE, label=gettext_lazy("Style and details"))
    negative = LongField(initial=never_shown, label=gettext_lazy("Negative prompt"))
    steps = forms.IntegerField(min_value=1, max_value=500, required=False, label=gettext_lazy("Steps"))
    guidance = forms.FloatField(min_value=0, max_value=100, required=False, label=gettext_lazy("Guidance scale"))
    seed = forms.IntegerField(min_value=0, max_value=SEEDS - 1, required=False, label=gettext_lazy("Seed of the first"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.plan: BulkPlan | None = None
        for emotion, name in EMOTIONS:
            label = _("Words for %(emotion)s") % {"emotion": name}
            words = forms.TextInput(attrs={"placeholder": emotion})
            self.fields[f"words_{emotion}"] = forms.CharField(max_length=500, required=False, label=label, widget=words)

    def emotion_boxes(self) -> list[tuple[BoundWidget, MoodWords]]:
        """Each emotion's box, and its mood for the flower."""
        return [(box, MOOD_OF[box.data["value"]]) for box in self["emotions"]]

    def word_fields(self) -> list[BoundField]:
        return [self[f"words_{emotion}"] for emotion in Emotion]

    def size_fields(self) -> list[BoundField]:
        return [self["repeats"], *(self[side.value] for side in Orientation)]

    def control_fields(self) -> list[tuple[Ability, BoundField]]:
        """Settings that some engines have not."""
        abilities = {"steps": Ability.STEPS, "guidance": Ability.GUIDANCE, "negative": Ability.NEGATIVE}
        return [(ability, self[name]) for name, ability in abilities.items()]

    def switch_fields(self) -> list[BoundField]:
        return [self[name] for name in ("combine", "bare", "rotate")]

    def usual_sizes(self) -> dict[str, list[str]]:
        return {side.value: usual_sizes(side) for side in Orientation}

    def clean_more(self) -> list[str]:
        favorites = [part.strip() for part in self.cleaned_data["more"].split(",") if part.strip()]
        for favorite in favorites:
            if not is_favorite(favorite):
                raise ValidationError(_("“%(favorite)s” cannot be a favorite.") % {"favorite": favorite})
        return favorites

    def clean(self) -> dict[str, Any]:
        """A valid form is expanded; what is refused is shown at its field."""
        if not self.errors:
            try:
                self.plan = plan_bulk(self.order())
            except GardenError as error:
                field = str(error.extra.get("field", ""))
                self.add_error("maker" if field == "model" else field or None, error.detail)
        return self.cleaned_data

    def order(self) -> BulkOrder:
        """A sentence needs no emotion. Settings that the engine has not are left out."""
        chosen = self.cleaned_data
        maker = next(maker for maker in available_models() if maker.value == chosen["maker"])
        controls = maker.controls
        emotions: tuple[Any, ...] = tuple(Emotion(emotion) for emotion in dict.fromkeys(chosen["emotions"]))
        # Templates bring a style of their own.
        style = "" if chosen["rotate"] and chosen["others"] == STYLE else chosen["others"]
        return BulkOrder(
            emotions=emotions or (("",) if chosen["sentence"] else ()),
            words={emotion: chosen[f"words_{emotion}"] for emotion in Emotion},
            favorites=tuple(dict.fromkeys(self._favorites())),
            without=frozenset(tuple(pair.split("|", 1)) for pair in chosen["without"]),
            others=bulk_prompt(chosen["sentence"], style),
            negative=chosen["negative"] if Ability.NEGATIVE in controls else "",
            sizes={side: chosen[side.value] for side in Orientation if chosen[side.value]},
            repeats=chosen["repeats"],
            rotate=chosen["rotate"],
            steps=chosen["steps"] if Ability.STEPS in controls else None,
            guidance_scale=chosen["guidance"] if Ability.GUIDANCE in controls else None,
            seed=chosen["seed"],
            engine=maker.engine,
            model=maker.model,
            priority=Priority(chosen["priority"]),
        )

    def as_request(self) -> dict[str, Any]:
        """What was chosen, as plain JSON: kept with the job, and shown again by a form that makes more of it."""
        kept = {name: value for name, value in self.cleaned_data.items() if name != "token"}
        sizes = {side.value: written(kept[side]) if kept[side] else "" for side in Orientation}
        return {**kept, **sizes, "more": ", ".join(kept["more"])}

    def _favorites(self) -> list[str]:
        """Each animal in each scenery, or each of them alone; none where nothing is chosen."""
        chosen = self.cleaned_data
        axes = [chosen[axis] for axis in SCENERY if chosen[axis]]
        things = [*chosen["animals"], *chosen["more"]]
        scenes = [",".join(words) for words in product(*axes)] if axes else []
        if chosen["combine"] and things and scenes:
            found = [f"{thing},{scene}" for thing, scene in product(things, scenes)]
        else:
            found = things + scenes
        return ["", *found] if chosen["bare"] or not found else found


def more_like(slot: Slot, count: int) -> dict[str, Any]:
    """Choices for `count` pictures of a finished picture's combination, with new seeds."""
    made = dict(slot.job.request)
    emotion, favorite = (slot.image.emotion, slot.image.favorite) if slot.image else ("", "")
    sizes = sum(bool(made.get(side.value)) for side in Orientation)
    words = {"sentence": made.get("sentence", "")} if emotion else {"sentence": slot.prompt, "others": ""}
    values = values_of(favorite)
    thing = values.get(Axis.ANIMAL, "")
    return {
        **made,
        **words,
        "emotions": [emotion] if emotion else [],
        "animals": [thing] if thing in ANIMALS else [],
        "more": "" if thing in ANIMALS else thing,
        "seasons": _chosen(values, Axis.SEASON),
        "weathers": _chosen(values, Axis.WEATHER),
        "times": _chosen(values, Axis.TIME),
        "combine": True,
        "bare": False,
        "without": [],
        "seed": None,
        "priority": Priority.BULK.value,
        "repeats": ceil(count / max(1, sizes)),
    }


def _chosen(values: Mapping[Axis, str], axis: Axis) -> list[str]:
    return [values[axis]] if axis in values else []
