"""The audit log: what staff did: written once, never changed."""

from typing import Any, NoReturn, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AuditKind(models.TextChoices):
    SIGNED_IN = "signed_in", _("signed in")
    SIGN_IN_REFUSED = "sign_in_refused", _("sign-in refused")
    LOCKED_OUT = "locked_out", _("locked out")
    UNLOCKED = "unlocked", _("unlocked")
    SIGNED_OUT = "signed_out", _("signed out")
    FACTOR_PROVED = "factor_proved", _("second factor accepted")
    FACTOR_REFUSED = "factor_refused", _("second factor refused")
    FACTOR_SET = "factor_set", _("second factor set up")
    FACTOR_REMOVED = "factor_removed", _("second factor removed")
    CODES_MADE = "codes_made", _("recovery codes created")
    KEY_MADE = "key_made", _("key created")
    KEY_ROTATED = "key_rotated", _("key rotated")
    KEY_REVOKED = "key_revoked", _("key revoked")
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    DELETED = "deleted", _("deleted")
    IMPORTED = "imported", _("imported")
    EXPORTED = "exported", _("exported")
    ACT = "act", _("bulk operation on pictures")
    REQUEST = "request", _("request")
    REFUSED = "refused", _("denied")
    COMMAND = "command", _("command")


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def older_than(self, moment: Any) -> Self:
        return self.filter(at__lt=moment)

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The audit log is written once.")


class AuditEntry(models.Model):
    """Who is a name, not a row: the log outlives the account. The database refuses changes of it as well.

    Nothing in it is about a visitor.
    """

    Kind = AuditKind

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True, editable=False)
    kind = models.CharField(_("what"), max_length=24, choices=AuditKind, editable=False)
    who = models.CharField(_("who"), max_length=150, blank=True, editable=False)
    address = models.CharField(_("from"), max_length=64, blank=True, editable=False)
    about = models.CharField(_("about"), max_length=255, blank=True, editable=False)
    detail = models.JSONField(_("detail"), default=dict, blank=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit log entry")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-id"]
        # Of its own: "view", which every curator has of everything, does not open it.
        default_permissions = ()
        permissions = [("read_audit_log", "Can read the audit log")]
        indexes = [
            models.Index(name="audit_who", fields=["who", "-at"]),
            models.Index(name="audit_kind", fields=["kind", "-at"]),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.who} {self.kind} {self.about}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The audit log is written once.")
        super().save(*args, **kwargs)
