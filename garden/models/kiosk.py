"""A kiosk, and the keys of kiosks and displays: hashed, each of one device, replaced by another when its time comes."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from garden.models.choices import CONTEXTS, PRIVACY_PACKS, READERS
from garden.models.wall import Display
from garden.vocabulary import Reader

PRECISION = timedelta(minutes=1)
"""Of the times of last use: a write per request would be a write too many."""


class KioskQuerySet(models.QuerySet["Kiosk"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Kiosk(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    place = models.CharField(pgettext_lazy("room", "place"), max_length=200, blank=True)
    zone = models.ForeignKey(
        "garden.Zone",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="kiosks",
        verbose_name=_("zone"),
        help_text=_("The zone that shows pictures that visitors send from this kiosk. Empty: none."),
    )
    privacy_pack = models.CharField(
        _("privacy rules"),
        max_length=32,
        blank=True,
        default="",
        db_default="",
        choices=PRIVACY_PACKS,
        help_text=_("Empty: the site's."),
    )
    context = models.CharField(
        _("location"),
        max_length=32,
        blank=True,
        default="",
        db_default="",
        choices=CONTEXTS,
        help_text=_("Empty: as the site. No face is read at a workplace or in a school."),
    )
    reader = models.CharField(
        _("face analysis by"),
        max_length=16,
        default=Reader.SERVER.value,
        db_default=Reader.SERVER.value,
        choices=READERS,
        help_text=_("The kiosk itself: no photo ever leaves it, but its readings are less accurate."),
    )
    is_active = models.BooleanField(
        pgettext_lazy("device", "active"), default=True, help_text=_("An inactive kiosk's keys are refused.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = KioskQuerySet.as_manager()

    class Meta:
        verbose_name = _("kiosk")
        verbose_name_plural = _("kiosks")

    def __str__(self) -> str:
        return self.name

    def mark_seen(self) -> None:
        """Note that the kiosk asked, to the minute."""
        now = timezone.now()
        if self.last_seen_at is None or now - self.last_seen_at > PRECISION:
            Kiosk.objects.filter(pk=self.pk).update(last_seen_at=now)


class KioskKeyQuerySet(models.QuerySet["KioskKey"]):
    def usable(self) -> Self:
        """Neither revoked nor expired, and of a device that is switched on."""
        alive = Q(expiry_date=None) | Q(expiry_date__gt=timezone.now())
        owned = Q(kiosk__is_active=True) | Q(display__is_active=True)
        return self.filter(alive, owned, revoked=False)


class KioskKeyManager(APIKeyManager):
    def get_queryset(self) -> KioskKeyQuerySet:
        return KioskKeyQuerySet(self.model, using=self._db).select_related("kiosk", "display__zone")

    def create_key(self, **kwargs: Any) -> tuple["KioskKey", str]:
        made, key = super().create_key(**kwargs)
        assert isinstance(made, KioskKey)  # noqa: S101  # For the type checker: its own model.
        return made, str(key)

    def get_usable_keys(self) -> models.QuerySet["KioskKey"]:
        return self.get_queryset().usable()


class KioskKey(AbstractAPIKey):
    """The key itself is shown once, when it is made."""

    # The package names these in English alone.
    name = models.CharField(_("name"), max_length=50, default=None, help_text=_("Any name; 50 characters at most."))
    prefix = models.CharField(_("prefix"), max_length=8, unique=True, editable=False)
    created = models.DateTimeField(_("created"), auto_now_add=True, db_index=True)
    revoked = models.BooleanField(
        _("revoked"), blank=True, default=False, help_text=_("The key is refused from then on. This cannot be undone.")
    )
    expiry_date = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text=_("The key is refused from then on. Empty: it does not expire.")
    )
    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.CASCADE, null=True, blank=True, related_name="keys", verbose_name=_("kiosk")
    )
    display = models.ForeignKey(
        Display,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="keys",
        verbose_name=_("display"),
        help_text=_("A display's key opens its wall page and reports the display's health; it allows nothing else."),
    )
    follows = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, editable=False, related_name="follower"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar[KioskKeyManager] = KioskKeyManager()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = _("kiosk key")  # type: ignore[assignment]
        verbose_name_plural = _("kiosk keys")  # type: ignore[assignment]
        constraints = [
            models.CheckConstraint(
                name="key_of_one_device",
                condition=Q(kiosk__isnull=False, display__isnull=True) | Q(kiosk__isnull=True, display__isnull=False),
            )
        ]

    def clean(self) -> None:
        super().clean()
        if bool(self.kiosk_id) == bool(self.display_id):
            raise ValidationError(_("A key belongs to a kiosk, or to a display."))

    @property
    def device(self) -> Kiosk | Display:
        device = self.kiosk or self.display
        assert device is not None, "a key has a device"  # noqa: S101  # A constraint keeps it so.
        return device

    @property
    def scope(self) -> str:
        return "kiosk" if self.kiosk_id else "display"

    @property
    def is_usable(self) -> bool:
        return not self.revoked and not self.has_expired and self.device.is_active

    def mark_used(self) -> None:
        """Note that the key was used, to the minute."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > PRECISION:
            KioskKey.objects.filter(pk=self.pk).update(last_used_at=now)

    def rotate(self, overlap: timedelta) -> tuple["KioskKey", str]:
        """A new key for the same device; this one ends after `overlap`. Twice, it is the follower that is followed."""
        made: dict[str, Any] = {"kiosk": self.kiosk, "display": self.display, "follows": self}
        following, key = KioskKey.objects.create_key(name=self.name, **made)
        ends = timezone.now() + overlap
        if self.expiry_date is None or self.expiry_date > ends:
            self.expiry_date = ends
            self.save(update_fields=["expiry_date"])
        return following, key

    def revoke(self) -> None:
        """At once; browsers that were paired with it are not any more."""
        self.revoked = True
        self.save(update_fields=["revoked"])
