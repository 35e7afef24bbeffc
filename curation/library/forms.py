"""The filter as a form: it asks by GET, so that what is seen is an address to keep and to share."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from curation.library.filters import ALL, NONE, UNDECIDED
from curation.models import Collection
from garden.models import Image
from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.models import GenerationJob, PromptTemplate

RECENT_JOBS = 50
RECENT_IMAGES = 1_000
TITLE_LETTERS = 60
LONGEST_WALK = 1_000_000
OFTEN = ("q", "emotion", "favorite", "orientation", "verdict")
Choices = list[tuple[str, str | Promise]]
ANY: Choices = [("", _("any"))]
VERDICTS: Choices = [
    (UNDECIDED, _("undecided")),
    ("like", pgettext_lazy("verdict", "liked")),
    ("dislike", _("disliked")),
    ("disputed", _("disputed")),
]


GROWN_CHOICES: Choices = [
    ("grown", _("grown for a visitor")),
    ("liked", _("grown, and liked by its visitor")),
    ("ordered", _("not grown for a visitor")),
]
DAY = forms.DateInput(attrs={"type": "date"})
SEARCH = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})


def _suggesting(name: str) -> forms.TextInput:
    return forms.TextInput(attrs={"list": f"known-{name}", "autocomplete": "off"})


class FilterForm(forms.Form):
    """Names are those of `ImageFilter`; `number` becomes its `end`."""

    emotion = forms.ChoiceField(label=_("Emotion"), choices=[*ANY, *EMOTIONS, (NONE, _("none yet"))], required=False)
    favorite = forms.CharField(label=_("Favorite"), required=False, widget=_suggesting("favorite"))
    orientation = forms.ChoiceField(label=_("Orientation"), choices=[*ANY, *ORIENTATIONS], required=False)
    verdict = forms.ChoiceField(label=_("Decision"), choices=[*ANY, *VERDICTS], required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    job = forms.ChoiceField(label=_("Job"), required=False)
    model = forms.CharField(label=_("Model"), required=False, widget=_suggesting("model"))
    template = forms.ChoiceField(label=_("Template"), required=False)
    curator = forms.ChoiceField(label=_("Decided by"), required=False)
    trash_reason = forms.ChoiceField(label=_("Why removed"), choices=[*ANY, *Image.TrashReason.choices], required=False)
    since = forms.CharField(label=_("From"), required=False, widget=DAY)
    until = forms.CharField(label=_("Until"), required=False, widget=DAY)
    q = forms.CharField(label=_("Words"), required=False, widget=SEARCH)
    collection = forms.ChoiceField(label=_("Collection"), required=False)
    grown = forms.ChoiceField(label=_("Grown for visitors"), choices=[*ANY, *GROWN_CHOICES], required=False)
    like = forms.IntegerField(label=_("Similar to no."), min_value=1, required=False)
    start = forms.IntegerField(label=_("Start at no."), min_value=1, required=False)
    number = forms.IntegerField(label=_("How many"), min_value=1, max_value=LONGEST_WALK, required=False)

    def __init__(self, *args: Any, states: tuple[str, ...], hide_state: bool = False, **kwargs: Any) -> None:
        """`hide_state` where the page shows the states as links."""
        super().__init__(*args, **kwargs)
        self._states, labels = states, {**dict(Image.State.choices), ALL: _("all")}
        jobs = GenerationJob.objects.by_staff().newest_first().values_list("pk", "title")[:RECENT_JOBS]
        templates = PromptTemplate.objects.in_turn()
        staff = get_user_model()._default_manager.filter(is_staff=True).order_by("username")
        self._offer("state", [(state, labels[state]) for state in states])
        self._offer("job", [*ANY, *((str(pk), title[:TITLE_LETTERS]) for pk, title in jobs)])
        self._offer("template", [*ANY, *((str(one.pk), str(one)[:TITLE_LETTERS]) for one in templates)])
        self._offer("curator", [*ANY, *((str(user.pk), user.get_username()) for user in staff)])
        self._offer("collection", [*ANY, *((str(one.pk), one.name) for one in Collection.objects.order_by("name"))])
        if hide_state:
            self.fields["state"].widget = forms.HiddenInput()
        if Image.State.TRASH not in states:
            del self.fields["trash_reason"]

    def _offer(self, name: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @property
    def often(self) -> list[forms.BoundField]:
        return [self[name] for name in OFTEN]

    @property
    def seldom(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in OFTEN and not self[name].is_hidden]

    @property
    def narrowed(self) -> bool:
        """Whether one of the seldom fields is in use, and must not hide."""
        usual = {"state": self._states[0]}
        return any(self.data.get(field.name) not in (None, "", usual.get(field.name)) for field in self.seldom)


def suggestions() -> dict[str, list[str]]:
    """Favorites and models of the newest pictures: enough to choose from, and cheap among a million."""
    newest = list(Image.objects.order_by("-id").values("favorite", "model")[:RECENT_IMAGES])
    return {f"{name}s": sorted({row[name] for row in newest if row[name]}) for name in ("favorite", "model")}
