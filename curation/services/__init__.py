"""What curators do, from one keystroke to ten thousand pictures at once."""

from curation.services.acts import begin_act, run_act
from curation.services.agreement import Agreement, agreement
from curation.services.deciding import Decided, NewDecision, decide, decisions_since
from curation.services.diffs import Diff, diff
from curation.services.schedule import start_due_releases
from curation.services.verbs import (
    cancel_schedule,
    publish_images,
    purge_trash,
    remove_images,
    replace_image,
    restore_images,
    roll_back,
    undo_act,
    withdraw_images,
)

__all__ = [
    "Agreement",
    "Decided",
    "Diff",
    "NewDecision",
    "agreement",
    "begin_act",
    "cancel_schedule",
    "decide",
    "decisions_since",
    "diff",
    "publish_images",
    "purge_trash",
    "remove_images",
    "replace_image",
    "restore_images",
    "roll_back",
    "run_act",
    "start_due_releases",
    "undo_act",
    "withdraw_images",
]
