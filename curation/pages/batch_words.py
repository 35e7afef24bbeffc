"""The words of the page for many pictures; `{count}` and its like are filled in by its scripts."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from curation.pages.studio_words import words as studio_words
from generation.models.batch import SKIPPED, WAITING
from generation.models.slot import SlotState
from generation.retouch.batch.recipe import Part
from generation.retouch.regions import ALL, DRAWN, FACE, SALIENCY, SEGMENT

Label = Promise | str
REGIONS: list[tuple[str, Label, Label]] = [
    (ALL, _("All"), _("the whole picture")),
    (FACE, _("Faces"), _("each face from brow to chin; a picture without one is reported")),
    (SEGMENT, _("The subject"), _("the thing that draws the eye, cut out along its edges")),
    (SALIENCY, _("What stands out"), _("the part that draws the eye, roughly")),
    (DRAWN, _("A drawn mask"), _("the same mask on every picture of its shape")),
]
PARTS: list[tuple[str, Label]] = [
    (Part.PICTURE, _("the whole picture")),
    (Part.REGION, _("only the region and what is around it")),
]
STATES: list[tuple[str, Label]] = [
    ("", _("all")),
    (SlotState.DONE, pgettext_lazy("state", "done")),
    (SlotState.FAILED, _("failed")),
    (SKIPPED, _("done before")),
    (SlotState.LEASED, _("being made")),
    (SlotState.QUEUED, _("waiting")),
    (SlotState.PAUSED, _("paused")),
    (SlotState.CANCELLED, _("cancelled")),
    (WAITING, _("not asked for yet")),
]
_WORDS: dict[str, Label] = {
    **{f"state_{state}": label for state, label in STATES if state},
    "chosen": _("{count} of {all} chosen"),
    "left_out": _("Left out, because they are in the trash or gone: {count}."),
    "nothing_chosen": _("Choose at least one picture."),
    "too_many": _("This filter shows more than {most} pictures. Narrow it."),
    "picture_alt": _("picture {id}: {prompt}"),
    "leave_out": _("picture {id} is part of it"),
    "recipe_read": _("The recipe is in the form."),
    "recipe_broken": _("This is no JSON: {why}"),
    "mask_missing": _("Choose the file of the mask."),
    "previewing": _("Three pictures are being made …"),
    "preview_done": _("Look at them, then run all, or change the recipe."),
    "preview_none": _("Nothing is previewed."),
    "running": _("Pictures done: {done} of {all}."),
    "complete": _("All pictures are done: {all}."),
    "ended": _("It has ended: {done} done, {failed} failed, {skipped} done before."),
    "paused_now": _("Paused: what is being made is finished, nothing new is begun."),
    "cancelled_now": _("Cancelled: what is done stays."),
    "nobody": _("Nobody is there to make them: no worker is online."),
    "left": _("about {time} left"),
    "seconds": _("{n} s"),
    "minutes": _("{n} min"),
    "hours": _("{n} h {m} min"),
    "run_all": _("Run all {count}"),
    "cost": _("All of them cost {cost} credits at most; {left} are left."),
    "before": _("before: {name}"),
    "after": _("after: {name}"),
    "page_of": _("Pictures {first} to {last}"),
    "cancel_body": _("Pictures that will not be made: {count}. What is done stays."),
}


def words() -> dict[str, str]:
    """In the language of the request, with those of the studio whose scripts work here, too."""
    return {**studio_words(), **{key: str(text) for key, text in _WORDS.items()}}
