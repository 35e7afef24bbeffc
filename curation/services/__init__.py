"""What curators do, from one keystroke to ten thousand pictures at once."""

from curation.services.operations import (
    begin_operation,
    cancel_schedule,
    publish_images,
    purge_trash,
    remove_images,
    replace_image,
    restore_images,
    roll_back,
    run_operation,
    undo_operation,
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
    "begin_operation",
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
    "run_operation",
    "start_due_releases",
    "undo_operation",
    "withdraw_images",
]
