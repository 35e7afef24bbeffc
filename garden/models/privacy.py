"""Privacy: consents, the record of processing, and counts without persons."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from garden.models.kiosk import Kiosk
from garden.vocabulary import Reader

CONSENT_VALID = timedelta(minutes=15)
"""One visit: who looks again after a failed photo need not agree again; the next visitor must."""


class ConsentQuerySet(models.QuerySet["Consent"]):
    def valid(self) -> Self:
        return self.filter(given_at__gt=timezone.now() - CONSENT_VALID)

    def older_than(self, days: int) -> Self:
        return self.filter(given_at__lt=timezone.now() - timedelta(days=days))


class Consent(models.Model):
    """A consent to a notice: when, to which version, where. It holds no face data, no name and no visitor."""

    class By(models.TextChoices):
        VISITOR = "visitor", _("the visitor")
        GUARDIAN = "guardian", _("a guardian")

    id = models.UUIDField(_("number"), primary_key=True, default=uuid.uuid4, editable=False)
    given_at = models.DateTimeField(_("given"), default=timezone.now, db_index=True)
    kiosk = models.ForeignKey(
        Kiosk, on_delete=models.SET_NULL, null=True, blank=True, related_name="consents", verbose_name=_("kiosk")
    )
    pack = models.CharField(_("rules"), max_length=32)
    notice = models.CharField(_("version of the notice"), max_length=16)
    language = models.CharField(_("language"), max_length=16)
    statements = models.JSONField(_("statements"), default=list)
    by = models.CharField(_("given by"), max_length=16, choices=By)
    signed = models.BooleanField(_("signed"), default=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return str(self.id)


BEGINNING = "0" * 64
HEAD = 1
"""Key of the only head."""


class ProcessingEntry(models.Model):
    """One step of a photo: that it came, was analysed, is gone; or that a device read it itself.

    Entries are appended without a lock. The clock chains them in batches: each chained entry carries an HMAC of what it
    says and of the entry before, so that none can be changed, removed or slipped in unnoticed without the site's key.
    `photo` is a random number that ties a photo's steps together; it leads to no visitor and no face.

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
    previous = models.CharField(_("previous hash"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("processing record entry")
        verbose_name_plural = _("processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.step}"

    def chain(self, place: int, previous: str) -> None:
        """Set the place, the hash before and the hash; does not save."""
        self.place, self.previous = place, previous
        self.hash = self.compute_hash()

    def compute_hash(self, key: str | bytes | None = None) -> str:
        """HMAC-SHA-256, in hexadecimal, of everything this entry says as JSON; `key` is SECRET_KEY unless given."""
        content = [
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
            "garden.processing_record", json.dumps(content, ensure_ascii=False), secret=key, algorithm="sha256"
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
        verbose_name = _("head of the processing record")
        verbose_name_plural = _("heads of the processing record")

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash[:12]}"


class DailyCountQuerySet(models.QuerySet["DailyCount"]):
    """Days are the site's (TIME_ZONE)."""

    def add(self, name: str, day: date, *, most: int | None = None) -> bool:
        """Count one more, unless there are `most`: one statement, so that no two processes take the last one."""
        self.get_or_create(name=name, day=day)
        row = self.filter(name=name, day=day)
        return bool((row if most is None else row.filter(count__lt=most)).update(count=F("count") + 1))

    def subtract(self, name: str, day: date) -> None:
        self.filter(name=name, day=day, count__gt=0).update(count=F("count") - 1)

    def total(self, name: str, since: date) -> int:
        return int(self.filter(name=name, day__gte=since).aggregate(sum=Sum("count", default=0))["sum"])

    def add_guess(self, *, guessed: str, said: str, reader: str = Reader.SERVER) -> None:
        """One more visitor whose face was read as `guessed` by this reader and who answered `said`.

        Weeks, not days, and no kiosk: a count of one must not lead to a person.
        """
        self.add(f"guess {reader} {guessed} {said}", _monday(timezone.localdate()))

    def guesses(self, weeks: int, reader: str = Reader.SERVER) -> tuple[int, int]:
        """How many visitors of this reader answered in this week and those before it, and how many said otherwise."""
        since = _monday(timezone.localdate()) - timedelta(weeks=weeks - 1)
        rows = self.filter(name__startswith=f"guess {reader} ", day__gte=since).values_list("name", "count")
        counts: Counter[bool] = Counter()
        for name, count in rows:
            guessed, said = name.split()[2:]
            counts[guessed != said] += count
        return counts.total(), counts[True]


class DailyCount(models.Model):
    """Anonymous counts by day: photos sent to a face service, answers to guesses by week."""

    name = models.CharField(_("of what"), max_length=64)
    day = models.DateField(_("day"), help_text=_("For answers to guesses: the Monday of the week."))
    count = models.PositiveIntegerField(_("count"), default=0)

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        constraints = [models.UniqueConstraint(name="daily_count_once", fields=["name", "day"])]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
