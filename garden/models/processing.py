"""The record of processing: of each photo that it came, was analysed, and is gone; or that a device read it itself.

Entries are appended without a lock. The clock chains them in batches: each chained entry carries an HMAC of what it
says and of the entry before, so that none can be changed, removed or slipped in unnoticed without the site's key.
"""

import json
from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

BEGINNING = "0" * 64
HEAD = 1
"""Key of the only head."""


class ProcessingEntry(models.Model):
    """One step. `photo` is a random number that ties a photo's steps together; it leads to no visitor and no face.

    `reader` is the program that read a face on a device, with its version; empty for what the server does itself.
    `place` is the entry's number in the chain; null until it is chained.
    """

    class Step(models.TextChoices):
        RECEIVED = "received", _("received")
        ANALYSED = "analysed", _("analysed")
        DROPPED = "dropped", _("dropped")
        ON_DEVICE = "on_device", _("read on the device, photo never received")

    sequence = models.BigAutoField(_("number"), primary_key=True)
    place = models.PositiveBigIntegerField(_("number in the chain"), null=True, blank=True, unique=True)
    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    step = models.CharField(_("step"), max_length=16, choices=Step)
    photo = models.UUIDField(_("photo"))
    outcome = models.CharField(_("outcome"), max_length=32, blank=True)
    kiosk = models.CharField(_("kiosk"), max_length=100, blank=True)
    pack = models.CharField(_("rules"), max_length=32, blank=True)
    notice = models.CharField(_("version of the notice"), max_length=16, blank=True)
    consent = models.UUIDField(_("consent"), null=True, blank=True)
    reader = models.CharField(_("read by"), max_length=32, blank=True, default="", db_default="")
    previous = models.CharField(_("hash before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("entry of the processing record")
        verbose_name_plural = _("processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.step}"

    def chain(self, place: int, previous: str) -> None:
        """Set the place, the hash before and the hash; does not save."""
        self.place, self.previous = place, previous
        self.hash = self.compute_hash()

    def compute_hash(self, key: str | bytes | None = None) -> str:
        """HMAC-SHA-256, in hexadecimal, of everything this entry says as JSON; `key` is SECRET_KEY unless given."""
        said = [
            self.place,
            self.at.isoformat(),
            self.step,
            str(self.photo),
            self.outcome,
            self.kiosk,
            self.pack,
            self.notice,
            str(self.consent) if self.consent else "",
            self.reader,
            self.previous,
        ]
        return salted_hmac(
            "garden.processing_record", json.dumps(said, ensure_ascii=False), secret=key, algorithm="sha256"
        ).hexdigest()

    def is_genuine(self) -> bool:
        """Whether the hash is that of SECRET_KEY, or of one of SECRET_KEY_FALLBACKS."""
        return any(constant_time_compare(self.hash, self.compute_hash(key)) for key in _keys())


def _keys() -> Iterator[str | bytes]:
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


class ProcessingHead(models.Model):
    """Where the chain ends, and where it begins since old entries were removed. One row is in use.

    `sequence` and `removed_to` are places in the chain.
    """

    sequence = models.PositiveBigIntegerField(_("newest number"), default=0)
    hash = models.CharField(_("newest hash"), max_length=64, default=BEGINNING)
    removed_to = models.PositiveBigIntegerField(_("removed up to number"), default=0)
    removed_hash = models.CharField(_("hash of the last removed"), max_length=64, default=BEGINNING)

    class Meta:
        verbose_name = _("end of the processing record")
        verbose_name_plural = _("ends of the processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"
