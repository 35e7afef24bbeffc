"""What curators do, from one keystroke to ten thousand pictures at once."""

from curation.services.operations import (
    begin_act,
    cancel_schedule,
    publish_images,
    purge_trash,
    remove_images,
    replace_image,
    restore_images,
    roll_back,
    run_act,
    undo_act,
    withdraw_images,
)
from curation.services.releases import Diff, diff, start_due_releases
from curation.services.votes import Agreement, Decided, NewDecision, agreement, decide, decisions_since

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
