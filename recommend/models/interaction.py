"""Interactions: the ledger of likes, dislikes and impressions without a like. Like-rates are sums over it."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models import Image, Visitor
from garden.models.choices import EMOTIONS
from garden.storage.keys import MAX_LENGTH
from recommend.backends.base import Kind
from recommend.bandit.context import GROUPS
from recommend.models.rate import RateChange
from recommend.models.slate import FAVORITE_MAX_LENGTH, ZONE_MAX_LENGTH, Slate

FORGOTTEN = "forgotten"
KINDS = [
    (Kind.LIKE.value, pgettext_lazy("visitor", "like")),
    (Kind.DISLIKE.value, pgettext_lazy("visitor", "dislike")),
    (Kind.SEEN.value, _("seen")),
    (FORGOTTEN, _("deleted visitor")),
]
ITEMLESS = [Kind.SEEN.value, FORGOTTEN]
EVENT_ID_MAX_LENGTH = 128


class InteractionQuerySet(models.QuerySet["Interaction"]):
    def of_visitor(self, visitor: Visitor) -> Self:
        return self.filter(visitor=visitor)

    def standing_likes(self) -> Self:
        """Likes that were not taken back."""
        taken_back = Interaction.objects.filter(takes_back=OuterRef("pk"))
        return self.filter(~Exists(taken_back), kind=Kind.LIKE)

    def since_or_last(self, visitor: Visitor, since: datetime, event_id: str = "") -> Self:
        """Interactions since then, those of this event, and the last one, whenever that was."""
        last = Interaction.objects.of_visitor(visitor).latest_first().values("sequence")[:1]
        matching = Q(created_at__gte=since) | Q(sequence=last)
        return self.of_visitor(visitor).filter(matching | Q(event_id=event_id) if event_id else matching)

    def latest_first(self) -> Self:
        return self.order_by("-sequence")

    def forgotten(self) -> Self:
        """Rows for deleted visitors: the last row of their pseudonym."""
        return self.filter(kind=FORGOTTEN)

    def feedback(self) -> Self:
        return self.exclude(kind=FORGOTTEN)


class Interaction(models.Model):
    """One like, dislike, or "these were seen and none was liked"; or the row for a deleted visitor.

    What was counted and learned is stored with the values of that moment (`group` … `impressions`): a later reading of
    the visitor's face, a key that becomes an image or the deletion of the visitor must not change the sums of the
    ledger or what is learned from it. `impressions` is a list of
    `{"id": id, "images": [id, …], "positions": [position or -1, …], "days": [days, …], "liked": [id, …]}`: the state
    of each impression after this interaction, which replaces the earlier one. Days are those from an image's
    publication to the start of the impression; older rows and imported ones do not have them.
    """

    Kind = Kind

    visitor = models.ForeignKey(
        Visitor,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="interactions",
        verbose_name=_("visitor"),
        help_text=_("Empty after the visitor is deleted: the rest is anonymous."),
    )
    sequence = models.PositiveBigIntegerField(_("number in the ledger"), unique=True, editable=False)
    pseudonym = models.BigIntegerField(
        _("pseudonym"),
        help_text=_("A random number for this visitor. It remains after the visitor is deleted and identifies nobody."),
    )
    group = models.CharField(_("visitor group"), max_length=32)
    emotion = models.CharField(_("emotion"), max_length=16, choices=EMOTIONS, blank=True)
    favorite = models.CharField(_("favorite"), max_length=FAVORITE_MAX_LENGTH, blank=True)
    hour = models.PositiveSmallIntegerField(_("local hour"), null=True, blank=True)
    zone = models.CharField(_("zone"), max_length=ZONE_MAX_LENGTH, blank=True)
    impressions = models.JSONField(_("impressions"), default=list, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=KINDS)
    image = models.ForeignKey(
        Image, on_delete=models.SET_NULL, null=True, blank=True, related_name="interactions", verbose_name=_("image")
    )
    item_key = models.CharField(_("item"), max_length=MAX_LENGTH, blank=True)
    impression = models.JSONField(_("impression"), help_text=_("keys of pictures shown together, in the order sent"))
    exposed = models.JSONField(_("counted as shown"), help_text=_("IDs of the images that this counted as shown"))
    takes_back = models.OneToOneField(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="taken_back_by",
        verbose_name=_("takes back"),
    )
    taken_back_group = models.CharField(_("group of the like taken back"), max_length=32, blank=True)
    slate = models.ForeignKey(
        Slate, on_delete=models.SET_NULL, null=True, blank=True, related_name="interactions", verbose_name=_("slate")
    )
    event_id = models.CharField(_("event"), max_length=EVENT_ID_MAX_LENGTH, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    objects = InteractionQuerySet.as_manager()

    class Meta:
        verbose_name = _("interaction")
        verbose_name_plural = _("interactions")
        indexes = [
            models.Index(fields=["visitor", "-sequence"], name="interaction_of_visitor"),
            models.Index(fields=["visitor", "image", "-sequence"], name="interaction_about_image"),
            models.Index(fields=["sequence"], condition=Q(kind=FORGOTTEN), name="interaction_forgotten"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "event_id"], condition=~Q(event_id=""), name="interaction_event_is_one"
            ),
            models.CheckConstraint(name="interaction_kind_known", condition=Q(kind__in=[kind for kind, _ in KINDS])),
            models.CheckConstraint(name="interaction_group_known", condition=Q(group__in=GROUPS)),
            models.CheckConstraint(
                name="interaction_emotion_known", condition=Q(emotion__in=["", *(e for e, _ in EMOTIONS)])
            ),
            models.CheckConstraint(name="interaction_hour_of_day", condition=Q(hour__isnull=True) | Q(hour__lt=24)),
            models.CheckConstraint(
                name="interaction_item_where_chosen",
                condition=Q(kind__in=ITEMLESS, item_key="", image__isnull=True)
                | (~Q(kind__in=ITEMLESS) & ~Q(item_key="")),
            ),
            models.CheckConstraint(
                name="interaction_only_dislikes_take_back",
                condition=Q(takes_back__isnull=True) | Q(kind="dislike"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.item_key}".strip()

    def rate_changes(self) -> tuple[RateChange, ...]:
        """What this interaction adds to the counts of images, ordered by image id."""
        liked = self.image_id if self.kind == Kind.LIKE else None
        changes = {image: RateChange(image, self.group, shown=1, liked=int(image == liked)) for image in self.exposed}
        if liked is not None and liked not in changes:
            changes[liked] = RateChange(liked, self.group, shown=0, liked=1)
        ordered = tuple(changes[image] for image in sorted(changes))
        if self.taken_back_group and self.image_id is not None:
            return (*ordered, RateChange(self.image_id, self.taken_back_group, shown=0, liked=-1))
        return ordered
