"""One picture and the questions asked of all of them."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from garden.models.choices import EMOTIONS, ORIENTATIONS
from garden.storage.keys import MAX_LENGTH, POOL, join_emotion, parse_key


class State(models.TextChoices):
    POOL = "pool", _("pool")
    SERVING = "serving", _("serving")
    TRASH = "trash", _("trash")


class ImageQuerySet(models.QuerySet["Image"]):
    def pool(self) -> Self:
        return self.filter(state=State.POOL)

    def serving(self) -> Self:
        return self.filter(state=State.SERVING)

    def in_trash(self) -> Self:
        return self.filter(state=State.TRASH)

    def of_emotion(self, emotion: str, favorite: str | None = None) -> Self:
        """Images of an emotion: of one favorite (empty: of none), or of all of them when it is None."""
        found = self.filter(emotion=emotion)
        return found if favorite is None else found.filter(favorite=favorite)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")

    def withdraw(self) -> int:
        """Move to the trash; files stay. Returns how many images moved."""
        now = timezone.now()
        return self.exclude(state=State.TRASH).update(state=State.TRASH, trashed_at=now, changed_at=now)

    def restore(self) -> int:
        """Bring trashed images back to where their key says they belong."""
        trashed = self.in_trash()
        back_to_pool = trashed.filter(key__startswith=f"{POOL}/")._return_to(State.POOL)
        return back_to_pool + trashed._return_to(State.SERVING)

    def _return_to(self, state: State) -> int:
        return self.update(state=state, trashed_at=None, changed_at=timezone.now())


class Image(models.Model):
    """A picture; `key` is its identity everywhere and never changes."""

    State = State

    key = models.CharField(_("key"), max_length=MAX_LENGTH, unique=True)
    emotion = models.CharField(
        _("emotion"), max_length=16, choices=EMOTIONS, blank=True, help_text=_("Only in the pool may it be empty.")
    )
    favorite = models.CharField(_("favorite"), max_length=255, blank=True)
    orientation = models.CharField(_("orientation"), max_length=16, choices=ORIENTATIONS)
    state = models.CharField(_("state"), max_length=16, choices=State)
    width = models.PositiveIntegerField(_("width (px)"))
    height = models.PositiveIntegerField(_("height (px)"))
    prompt = models.TextField(_("prompt"), blank=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True, help_text=_("seed, steps, …"))
    origin = models.CharField(_("origin"), max_length=64, help_text=_("the engine that made it, or 'import'"))
    model = models.CharField(_("model"), max_length=255, blank=True)
    content_hash = models.CharField(_("SHA-256 of the file"), max_length=64, db_index=True)
    published_from = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="published_as"
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    trashed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True, db_index=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        indexes = [
            models.Index(
                name="image_newest_of_favorite",
                fields=["state", "emotion", "orientation", "favorite", "-published_at", "-id"],
            ),
            models.Index(
                name="image_newest_of_emotion", fields=["state", "emotion", "orientation", "-published_at", "-id"]
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="image_emotion_known", condition=Q(emotion__in=["", *(emotion for emotion, _ in EMOTIONS)])
            ),
            models.CheckConstraint(
                name="image_serving_has_emotion", condition=~Q(state=State.SERVING) | ~Q(emotion="")
            ),
            models.CheckConstraint(name="image_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="image_orientation_known", condition=Q(orientation__in=[o for o, _ in ORIENTATIONS])
            ),
            models.CheckConstraint(name="image_has_pixels", condition=Q(width__gt=0, height__gt=0)),
            models.CheckConstraint(
                name="image_serving_is_published", condition=~Q(state=State.SERVING) | Q(published_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def emotion_path(self) -> str:
        return join_emotion(self.emotion, self.favorite)

    def fill_from_key(self) -> Self:
        """Set emotion, favorite, orientation and state from the key."""
        parts = parse_key(self.key)
        self.emotion, self.favorite, self.orientation = parts.emotion, parts.favorite, parts.orientation
        self.state = State.POOL if parts.root == POOL else State.SERVING
        return self
