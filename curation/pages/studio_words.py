"""The words that the studio's scripts say; `{count}` and its like are filled in there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from curation.pages.studio_fields import LABELS

_WORDS: dict[str, Promise | str] = {
    **{f"setting_{name}": label for name, label in LABELS.items()},
    "step_brush": _("brush"),
    "step_eraser": _("eraser"),
    "step_fill": _("fill"),
    "step_pencil": _("pencil"),
    "step_rubber": _("rubber"),
    "step_clear": _("mask cleared"),
    "step_all": _("all masked"),
    "step_invert": _("mask inverted"),
    "step_expand": _("mask expanded"),
    "step_shrink": _("mask shrunk"),
    "step_crop": _("crop"),
    "step_outline": _("outline"),
    "step_prompt": _("prompt"),
    "step_settings": _("settings"),
    "step_preset": _("preset {name}"),
    "step_reference": _("reference"),
    "step_opacity": _("opacity"),
    "step_restore": _("another version"),
    "step_run": _("version {number}"),
    "pixels": _("{count} px"),
    "version": _("Version {number}"),
    "opened": _("As it was opened"),
    "picture": _("picture {id}"),
    "models_own": _("the model's own"),
    "mask_empty": _("Nothing is masked in the crop yet. Paint over what shall be made anew."),
    "sending": _("The edit is being sent …"),
    "waiting": _("It is being repainted …"),
    "paused": _("The job is paused."),
    "cancelled": _("It was cancelled. Nothing has changed."),
    "cancel_this": _("cancel: {name}"),
    "credits_left": _("{left} of {most} credits left today; a picture costs {price}"),
    "made": _("Version {number} is on the bench."),
    "made_aside": _("Version {number} is made. Choose it in the list to see it."),
    "failed": _("It could not be made: {why}"),
    "opacity_kept": _("Kept as version {number}, at {percent} %"),
    "extracting": _("The outline is being drawn …"),
    "extracted": _("The outline of the crop is drawn."),
    "reading": _("The picture is being read …"),
    "read": _("{count} words were found."),
    "reference_missing": _("Choose the reference picture first."),
    "preset_none": _("none"),
    "preset_saved": _("Saved: {name}"),
    "preset_dropped": _("Deleted: {name}"),
    "compare_this": _("compare: {name}"),
    "compare_changed": _("{share} of the pixels differ, by {largest} of 255 at most, {mean} on average"),
    "published": _("Kept as {key}"),
    "siblings_asked": _("Pictures being repainted: {count}."),
    "siblings_watch": _("Watch them"),
    "state_queued": _("waiting"),
    "state_paused": _("paused"),
    "state_leased": _("being made"),
    "state_failed": _("failed"),
    "state_cancelled": _("cancelled"),
    "token_less": _("less of {text}"),
    "token_more": _("more of {text}"),
    "token_drop": _("without {text}"),
    "signed_out": _("You are signed out. Sign in again in another tab, then try once more."),
    "not_allowed": _("You may look at this, but not change it."),
    "no_answer": _("The garden did not answer. Please check the connection."),
}


def words() -> dict[str, str]:
    """In the language of the request."""
    return {key: str(text) for key, text in _WORDS.items()}
