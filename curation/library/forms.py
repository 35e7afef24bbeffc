"""The filter as a form: it asks by GET, so that what is seen is an address to keep and to share."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from curation.library.filters import NONE, UNDECIDED
from garden.models import Image
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.models import GenerationJob, PromptTemplate

RECENT_JOBS = 50
RECENT_IMAGES = 1_000
TITLE_LETTERS = 60
LONGEST_WALK = 1_000_000
OFTEN = ("emotion", "orientation", "verdict", "favorite")
Choices = list[tuple[str, str | Promise]]
ANY: Choices = [("", _("any"))]
VERDICTS: Choices = [
    (UNDECIDED, _("undecided")),
    ("like", pgettext_lazy("verdict", "liked")),
    ("dislike", _("disliked")),
    ("disputed", _("disputed")),
]


class FilterForm(forms.Form):
    """Names are those of `ImageFilter`; `number` becomes its `end`."""

    emotion = forms.ChoiceField(label=_("Emotion"), choices=[*ANY, *EMOTIONS, (NONE, _("none yet"))], required=False)
    favorite = forms.CharField(label=_("Favorite"), required=False)
    orientation = forms.ChoiceField(label=_("Orientation"), choices=[*ANY, *ORIENTATIONS], required=False)
    verdict = forms.ChoiceField(label=_("Decision"), choices=[*ANY, *VERDICTS], required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    job = forms.ChoiceField(label=_("Job"), required=False)
    model = forms.CharField(label=_("Model"), required=False)
    template = forms.ChoiceField(label=_("Template"), required=False)
    curator = forms.ChoiceField(label=_("Decided by"), required=False)
    trash_reason = forms.ChoiceField(label=_("Why removed"), choices=[*ANY, *Image.TrashReason.choices], required=False)
    since = forms.CharField(label=_("From"), required=False)
    until = forms.CharField(label=_("Until"), required=False)
    q = forms.CharField(label=_("Words"), required=False)
    start = forms.IntegerField(label=_("Start at no."), min_value=1, required=False)
    number = forms.IntegerField(label=_("How many"), min_value=1, max_value=LONGEST_WALK, required=False)

    def __init__(self, *args: Any, states: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._states, labels = states, dict(Image.State.choices)
        self._offer("state", [(state, labels[state]) for state in states])
        self._offer("job", [*ANY, *_recent_jobs()])
        self._offer("template", [*ANY, *_templates()])
        self._offer("curator", [*ANY, *_curators()])
        if Image.State.TRASH not in states:
            del self.fields["trash_reason"]
        for name in ("since", "until"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"})
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        for name in ("favorite", "model"):
            self.fields[name].widget = forms.TextInput(attrs={"list": f"known-{name}", "autocomplete": "off"})

    def _offer(self, name: str, choices: Choices) -> None:
        self._choice(name).choices = choices

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])

    @property
    def often(self) -> list[forms.BoundField]:
        return [self[name] for name in OFTEN]

    @property
    def seldom(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in OFTEN]

    @property
    def narrowed(self) -> bool:
        """Whether one of the seldom fields is in use, and must not hide."""
        usual = {"state": self._states[0]}
        return any(self.data.get(field.name) not in (None, "", usual.get(field.name)) for field in self.seldom)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the newest pictures have: enough to choose from, and cheap among a million."""

    favorites: list[str]
    models: list[str]

    @classmethod
    def of_newest(cls) -> "Suggestions":
        newest = Image.objects.order_by("-id").values_list("favorite", "model")[:RECENT_IMAGES]
        favorites, models = zip(*newest, strict=True) if newest else ((), ())
        return cls(_known(favorites), _known(models))


def _known(values: Iterable[str]) -> list[str]:
    return sorted({value for value in values if value})


def _recent_jobs() -> Choices:
    newest = GenerationJob.objects.newest_first().values_list("pk", "title")[:RECENT_JOBS]
    return [(str(pk), title[:TITLE_LETTERS]) for pk, title in newest]


def _templates() -> Choices:
    return [(str(template.pk), str(template)[:TITLE_LETTERS]) for template in PromptTemplate.objects.in_turn()]


def _curators() -> Choices:
    staff = get_user_model()._default_manager.filter(is_staff=True).order_by("username")
    return [(str(user.pk), user.get_username()) for user in staff]
