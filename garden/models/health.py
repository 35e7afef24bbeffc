"""The state of kiosks and displays: their last heartbeats, and alarms."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.kiosk import Kiosk
from garden.models.wall import Display


class DeviceHealth(models.Model):
    """The last heartbeat of a kiosk or a display. Nothing in it is about a visitor.

    It is silent since `silent_from`: its last heartbeat, or later by the server's own downtime.
    `checked_at` is the last round of the watch.
    """

    kiosk = models.OneToOneField(
        Kiosk, on_delete=models.CASCADE, null=True, blank=True, related_name="health", verbose_name=_("kiosk")
    )
    display = models.OneToOneField(
        Display, on_delete=models.CASCADE, null=True, blank=True, related_name="health", verbose_name=_("display")
    )
    heard_at = models.DateTimeField(_("last heartbeat"), default=timezone.now)
    silent_from = models.DateTimeField(_("silent from"), default=timezone.now)
    checked_at = models.DateTimeField(_("last checked"), null=True, blank=True)
    started_at = models.DateTimeField(_("page opened"), null=True, blank=True)
    version = models.CharField(_("version"), max_length=50, blank=True)
    on_screen = models.CharField(
        _("on screen"), max_length=1024, blank=True, help_text=_("a picture's key, or a step of the visit")
    )
    zone_version = models.PositiveBigIntegerField(_("version of the zone"), null=True, blank=True)
    screen = models.CharField(_("screen (px)"), max_length=20, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    problem_at = models.DateTimeField(_("problem since"), null=True, blank=True)
    awaited_version = models.PositiveBigIntegerField(
        _("expected version of the zone"),
        null=True,
        blank=True,
        help_text=_("The zone's version when the display first reported an older one."),
    )
    behind_since = models.DateTimeField(_("outdated since"), null=True, blank=True)
    quiet_until = models.DateTimeField(_("no alarms until"), null=True, blank=True)
    quiet_by = models.CharField(_("by"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("health of a device")
        verbose_name_plural = _("health of devices")
        constraints = [
            models.CheckConstraint(
                name="health_of_one_device",
                condition=Q(kiosk__isnull=True, display__isnull=False) | Q(kiosk__isnull=False, display__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.kiosk or self.display)


class Alarm(models.Model):
    """Something is wrong from `raised_at` to `cleared_at`; people are notified of both, once each.

    It is about a kiosk, a display or, with neither, the site itself. `notified` has each channel that is to be
    notified, with the last event that it received: "", "raised" or "cleared". `notified_at` and `end_notified_at` are
    of the last channel.
    """

    class Kind(models.TextChoices):
        SILENT = "silent", _("silent")
        PROBLEM = "problem", _("reports a problem")
        BEHIND = "behind", _("shows an outdated picture")
        FILES_MISSING = "files_missing", _("has missing picture files")

    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms", verbose_name=_("kiosk")
    )
    display = models.ForeignKey(
        Display, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms", verbose_name=_("display")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=Kind)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    raised_at = models.DateTimeField(_("raised"), default=timezone.now, db_index=True)
    cleared_at = models.DateTimeField(_("cleared"), null=True, blank=True)
    notified = models.JSONField(_("notified"), default=dict, blank=True)
    notified_at = models.DateTimeField(_("notified at"), null=True, blank=True)
    end_notified_at = models.DateTimeField(_("end notified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-raised_at"]
        constraints = [
            models.CheckConstraint(
                name="alarm_of_one_device",
                condition=Q(kiosk__isnull=True, display__isnull=False)
                | Q(kiosk__isnull=False, display__isnull=True)
                | Q(kiosk__isnull=True, display__isnull=True, kind="files_missing"),
            ),
            models.UniqueConstraint(
                name="alarm_of_site_once",
                fields=["kind"],
                condition=Q(cleared_at__isnull=True, kiosk__isnull=True, display__isnull=True),
            ),
            models.UniqueConstraint(
                name="alarm_of_kiosk_once", fields=["kiosk", "kind"], condition=Q(cleared_at__isnull=True)
            ),
            models.UniqueConstraint(
                name="alarm_of_display_once", fields=["display", "kind"], condition=Q(cleared_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kiosk or self.display or _('Storage')}: {self.get_kind_display()}"

    @property
    def is_of_site(self) -> bool:
        return self.kiosk_id is None and self.display_id is None
