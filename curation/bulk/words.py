"""What the bulk page's scripts say, in the curator's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS, ORIENTATIONS
from generation.models.job import JobState

WORDS: dict[str, Promise | str] = {
    "pictures": _("{n} pictures"),
    "picture": _("1 picture"),
    "queue": _("Queue {n} pictures"),
    "queue_one": _("Queue 1 picture"),
    "queue_none": _("Queue"),
    "about": _("about {time}"),
    "unknown": _("How long is unknown yet: none like these were made here before."),
    "no_worker": _("No worker is online for this engine: the pictures wait until one is."),
    "no_worker_work": _("It is about {time} of work."),
    "with_worker": _("with 1 worker"),
    "with_workers": _("with {n} workers"),
    "ahead": _("Pictures that wait before them: {n}."),
    "not_asked": _("The estimate cannot be had now; what you chose is kept."),
    "seconds": _("{n} s"),
    "minutes": _("{n} min"),
    "hours": _("{n} h {m} min"),
    "negative": _("not: {text}"),
    "state_queued": _("waiting"),
    "state_leased": _("being made"),
    "state_paused": _("paused"),
    "state_done": pgettext_lazy("state", "made"),
    "state_failed": _("failed"),
    "state_cancelled": _("cancelled"),
    "said_made": _("Pictures made: {done} of {all}."),
    "said_complete": _("All pictures are made: {n}."),
    "said_ended": _("Nothing more is being made. Pictures made: {done} of {all}."),
    "said_paused": _("Paused: what is being made is finished, nothing new is begun."),
    "said_cancelled": _("Cancelled. Pictures made and kept: {done} of {all}."),
    "left": _("about {time} left"),
    "left_unknown": _("the time left is unknown yet"),
    "left_nobody": _("nobody is there to make them: no worker is online"),
    "reason_failed": _("{n} failed: {detail}"),
    "reason_waiting": _("{n} wait to be tried again: {detail}"),
    "cancel_body": _("Pictures that will not be made: {n}. Those that are made stay in the pool."),
    "trouble_network": _("The garden cannot be reached; it is asked again soon."),
    "trouble_signed_out": _("You are signed out. Sign in in another tab, then come back."),
    "trouble_refused": _("You may not do this."),
    "trouble_server": _("The garden stumbled, and wrote down why. It is asked again soon."),
    "picture_alt": _("{emotion}, {orientation}"),
    "job_counts": _("{done} of {all} made"),
    "job_failed": _("{n} failed"),
    "job_paused": _("paused"),
    "job_finished": JobState.FINISHED.label,
    "job_cancelled": _("cancelled"),
    "job_by": _("by {name}"),
    **{f"emotion_{emotion}": name for emotion, name in EMOTIONS},
    **{f"orientation_{orientation}": name for orientation, name in ORIENTATIONS},
}


def words() -> dict[str, str]:
    return {key: str(text) for key, text in WORDS.items()}
