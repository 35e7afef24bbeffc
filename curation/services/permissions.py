"""What each kind of act asks of who does it."""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin

from curation.errors import NotAllowedError
from curation.models import Act
from curation.models.act import Kind

_NEEDED: dict[str, str] = {
    Kind.REMOVE: "curation.remove_images",
    Kind.PUBLISH: "curation.publish_images",
    Kind.RESTORE: "curation.restore_images",
    Kind.WITHDRAW: "curation.publish_images",
    Kind.LABEL: "curation.decide",
    Kind.REPLACE: "curation.publish_images",
    Kind.PURGE: "curation.purge_trash",
    Kind.ROLL_BACK: "curation.roll_back_release",
    Kind.CANCEL: "curation.publish_images",
}


def needed_for(kind: str) -> str:
    return _NEEDED[kind]


def check_may(by: AbstractBaseUser | AnonymousUser | None, kind: str) -> None:
    """Commands and the clock (`by` is None) may do anything. Raises NotAllowedError."""
    if by is None or (isinstance(by, PermissionsMixin) and by.has_perm(needed_for(kind))):
        return
    raise NotAllowedError("You may not do this.", needed=needed_for(kind))


def check_may_undo(by: AbstractBaseUser | AnonymousUser | None, act: Act) -> None:
    """Who may do it may undo it."""
    check_may(by, act.kind)
