"""The words that the review page's scripts say; `{count}` and its like are filled in there."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS, ORIENTATIONS

_WORDS: dict[str, Promise | str] = {
    **{f"emotion_{emotion}": label for emotion, label in EMOTIONS},
    **dict(ORIENTATIONS),
    "emotion_none": _("no emotion yet"),
    "picture": _("picture {id}"),
    "verdict_undecided": _("undecided"),
    "verdict_like": pgettext_lazy("verdict", "liked"),
    "verdict_dislike": _("disliked"),
    "verdict_disputed": _("disputed"),
    "verdict_gone": _("no longer in this list"),
    "rated": _("{rating} of 5 stars"),
    "alike": _("{count} look almost the same"),
    "by": _("decided by {name}"),
    "saved": _("All decisions are saved"),
    "saving": _("Saving {count} …"),
    "offline": _("Offline: {count} kept here, sent as soon as the garden answers"),
    "signed_out": _("Signed out: {count} kept here."),
    "decision_refused": _("One decision was not accepted. The picture shows what counts."),
    "undo": _("Undo"),
    "undo_remove": _("Undo: removed {count}"),
    "undo_publish": _("Undo: published {count}"),
    "undo_label": _("Undo: changed {count}"),
    "undo_restore": _("Undo: restored {count}"),
    "undid_remove": _("Back from the trash: {count}"),
    "undid_publish": _("Taken back from the garden: {count}"),
    "undid_label": _("Changed back: {count}"),
    "undid_restore": _("Back in the trash: {count}"),
    "ask_remove": _("Remove {count} disliked?"),
    "ask_publish": _("Publish {count} liked?"),
    "ask_restore_all": _("Restore {count} from the trash?"),
    "ask_purge": _("Delete {count} for ever?"),
    "hint_remove": _("They go to the trash and can be restored from there. Only the pictures of this filter."),
    "hint_publish": _("Visitors see them from then on, as a new release. Only the pictures of this filter."),
    "hint_restore_all": _("They go back to where they were. Only the pictures of this filter."),
    "hint_purge": _("Their files are deleted. This cannot be undone."),
    "do_remove": _("Remove {count}"),
    "do_publish": _("Publish {count}"),
    "do_restore_all": _("Restore {count}"),
    "do_purge": _("Delete {count} for ever"),
    "none_remove": _("No picture of this filter is disliked."),
    "none_publish": _("No picture of this filter is liked."),
    "none_restore_all": _("Nothing to restore here."),
    "none_purge": _("Nothing to delete here."),
    "did_remove": _("Removed: {count}"),
    "did_publish": _("Published: {count}"),
    "did_schedule": _("Scheduled: {count}"),
    "did_restore_all": _("Restored: {count}"),
    "did_label": _("Changed: {count}"),
    "label_this": _("this picture"),
    "label_marked": _("the {count} marked"),
    "label_all": _("all {count} of this filter"),
    "did_purge": _("Deleted for ever: {count}"),
    "did_wall": _("Hangs in {zone} now: {slots}"),
    "marked": _("{count} marked"),
    "marked_this": _("marked"),
    "marked_none": _("No picture is marked any more."),
    "marked_too_many": _("At most {most} pictures can be marked."),
    "retouch_all": _("Retouch all of these"),
    "retouch_marked": _("Retouch the {count} marked"),
    "progress": _("{done} of {total} …"),
    "busy": _("One moment: the last step is still running."),
    "trouble_network": _("The garden can't be reached. Nothing is lost; please try again in a moment."),
    "trouble_signed_out": _("You are signed out, or may not do this. Nothing is lost; please sign in again."),
    "trouble_refused": _("The garden did not accept this."),
    "trouble_server": _("The garden stumbled, and wrote down why. Nothing is lost; please try again."),
}


def words() -> dict[str, str]:
    """In the reader's language."""
    return {key: str(text) for key, text in _WORDS.items()}
