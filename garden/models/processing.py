"""The record of processing: of each photo that it came, was analysed, and is gone; or that a device read it itself.
Each entry carries the hash of the one before, so that none can be changed, removed or slipped in unnoticed."""

import hashlib
import json

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

BEGINNING = "0" * 64


class ProcessingEntry(models.Model):
    """One step. `photo` is a random number that ties a photo's steps together; it leads to no visitor and no face.

    `reader` is the program that read a face on a device, with its version; empty for what the server does itself.
    """

    class Step(models.TextChoices):
        RECEIVED = "received", _("received")
        ANALYSED = "analysed", _("analysed")
        DROPPED = "dropped", _("dropped")
        ON_DEVICE = "on_device", _("read on the device, photo never received")

    sequence = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    step = models.CharField(_("step"), max_length=16, choices=Step)
    photo = models.UUIDField(_("photo"))
    outcome = models.CharField(_("outcome"), max_length=32, blank=True)
    kiosk = models.CharField(_("kiosk"), max_length=100, blank=True)
    pack = models.CharField(_("rules"), max_length=32, blank=True)
    notice = models.CharField(_("version of the notice"), max_length=16, blank=True)
    consent = models.UUIDField(_("consent"), null=True, blank=True)
    reader = models.CharField(_("read by"), max_length=32, blank=True, default="", db_default="")
    previous = models.CharField(_("hash before"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64)

    class Meta:
        verbose_name = _("entry of the processing record")
        verbose_name_plural = _("processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.step}"

    def compute_hash(self) -> str:
        """SHA-256 of everything this entry says, as JSON in this order."""
        said = [
            self.sequence,
            self.at.isoformat(),
            self.step,
            str(self.photo),
            self.outcome,
            self.kiosk,
            self.pack,
            self.notice,
            str(self.consent) if self.consent else "",
            self.previous,
            *([self.reader] if self.reader else []),  # Entries of before had none, and keep their hash.
        ]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class ProcessingHead(models.Model):
    """Where the chain ends, and where it begins since old entries were removed. There is one row."""

    sequence = models.PositiveBigIntegerField(_("newest number"), default=0)
    hash = models.CharField(_("newest hash"), max_length=64, default=BEGINNING)
    removed_to = models.PositiveBigIntegerField(_("removed up to number"), default=0)
    removed_hash = models.CharField(_("hash of the last removed"), max_length=64, default=BEGINNING)

    class Meta:
        verbose_name = _("end of the processing record")
        verbose_name_plural = _("ends of the processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"
