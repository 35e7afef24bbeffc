"""A picture, the queries of all of them, and the short links of souvenirs."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import connections, models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from garden.models.choices import EMOTIONS, ORIENTATIONS
from garden.storage.keys import MAX_LENGTH, POOL, candidate_keys, join_emotion, parse_key
from garden.vocabulary import Orientation


class State(models.TextChoices):
    """Where a picture is. `emotions/` pictures are serving or shelved, `imgPool/` ones wait or were published."""

    POOL = "pool", _("pool")
    PUBLISHED = "published", _("published: its copy is in the garden")
    SERVING = "serving", _("serving")
    SHELVED = "shelved", _("shelved: in no live release")
    TRASH = "trash", _("trash")


class Verdict(models.TextChoices):
    """What the curators' votes came to; empty while it is undecided."""

    LIKE = "like", pgettext_lazy("verdict", "like")
    DISLIKE = "dislike", pgettext_lazy("verdict", "dislike")
    DISPUTED = "disputed", _("disputed")


class TrashReason(models.TextChoices):
    """Why a picture is in the trash; empty where a curator removed it."""

    FILE_MISSING = "file_missing", _("its file is missing")


GROWN_STATES = (State.POOL, State.PUBLISHED)
RETURNABLE = [state for state in State.values if state != State.TRASH]


def for_walls(path: str = "") -> Q:
    """Of pictures that walls may show: serving ones, and grown ones where the site shows them before review.

    `path` leads from the rows to the image, as in `image__`.
    """
    return Q(**{f"{path}state": State.SERVING}) | _grown(path)


def _grown(path: str = "") -> Q:
    """Of grown pictures that leave the kiosk before a curator has seen them, or after one published a copy."""
    if not settings.GROWN_UNREVIEWED:
        return Q()
    return Q(**{f"{path}grown_at__isnull": False, f"{path}state__in": GROWN_STATES})


class ImageQuerySet(models.QuerySet["Image"]):
    def pool(self) -> Self:
        return self.filter(state=State.POOL)

    def serving(self) -> Self:
        return self.filter(state=State.SERVING)

    def shelved(self) -> Self:
        return self.filter(state=State.SHELVED)

    def viewable(self) -> Self:
        """What a visitor who kept its address may still see: a release rolled back takes no souvenir away."""
        published = Q(state__in=[State.SERVING, State.SHELVED], published_at__isnull=False)
        return self.filter(published | _grown())

    def for_walls(self) -> Self:
        return self.filter(for_walls())

    def in_trash(self) -> Self:
        return self.filter(state=State.TRASH)

    def file_missing(self) -> Self:
        """In the trash because the storage has no file of them; they leave it when the file is back."""
        return self.in_trash().filter(trash_reason=TrashReason.FILE_MISSING)

    def undecided(self) -> Self:
        return self.filter(verdict="")

    def liked(self) -> Self:
        return self.filter(verdict=Verdict.LIKE)

    def disliked(self) -> Self:
        return self.filter(verdict=Verdict.DISLIKE)

    def disputed(self) -> Self:
        return self.filter(verdict=Verdict.DISPUTED)

    def by_key_or_url(self, texts: Iterable[str]) -> dict[str, "Image"]:
        """The images that clients' texts name, by text, in one query; a text that names none of these is left out."""
        candidates = {text: candidate_keys(text) for text in texts}
        wanted = {key for keys in candidates.values() for key in keys}
        found = {image.key: image for image in self.filter(key__in=wanted)} if wanted else {}
        named = ((text, next((found[key] for key in keys if key in found), None)) for text, keys in candidates.items())
        return {text: image for text, image in named if image is not None}

    def before_id(self, image: int) -> Self:
        """The next ones of a list that is ordered by `-id`: no OFFSET, however far down."""
        return self.filter(id__lt=image).order_by("-id")

    def after_id(self, image: int) -> Self:
        """The previous ones of such a list, the nearest first."""
        return self.filter(id__gt=image).order_by("id")

    def of_emotion(self, emotion: str, favorite: str | None = None) -> Self:
        """Images of an emotion: of one favorite (empty: of none), or of all of them when it is None."""
        found = self.filter(emotion=emotion)
        return found if favorite is None else found.filter(favorite=favorite)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-id")

    def keys_by_orientation(self, start: int, end: int) -> dict[str, list[str]]:
        """Keys `start` to `end` of each orientation, in one statement: both are of the same moment.

        Two statements could see a release go live between them.
        """
        parts = [self.filter(orientation=orientation)[start:end] for orientation in Orientation]
        compiled = [part.values_list("orientation", "key").query.sql_with_params() for part in parts]
        # Django gives no LIMIT to the parts of a UNION.
        parts_of_union = [f"SELECT * FROM ({sql}) AS part" for sql, _ in compiled]  # noqa: S608  # Django's own SQL.
        found: dict[str, list[str]] = {orientation.value: [] for orientation in Orientation}
        with connections[self.db].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts_of_union), [param for _sql, params in compiled for param in params])
            for orientation, key in cursor.fetchall():
                found[orientation].append(key)
        return found

    def withdraw(self, reason: str = "") -> int:
        """Move to the trash, for a `TrashReason` or none; files stay. Returns how many images moved."""
        now = timezone.now()
        moved = {"state": State.TRASH, "trashed_from": F("state"), "trashed_at": now, "changed_at": now}
        return self.exclude(state=State.TRASH).update(**moved, trash_reason=reason)

    def restore(self) -> int:
        """Bring trashed images back to where they were."""
        back: dict[str, Any] = {
            "trashed_from": "",
            "trashed_at": None,
            "trash_reason": "",
            "changed_at": timezone.now(),
        }
        return self.in_trash().update(state=_return_state(), **back)

    def return_states(self) -> dict[int, str]:
        """The state that each of these images in the trash would return to, by the image's id."""
        return dict(self.in_trash().values_list("pk", _return_state()))


def _return_state() -> Case:
    """An original waits in the pool only while no copy of it is in the garden."""
    copies = Image.objects.filter(published_from=OuterRef("pk"))
    return Case(
        When(Exists(copies.serving()), trashed_from=State.POOL, then=models.Value(State.PUBLISHED)),
        When(~Exists(copies), trashed_from=State.PUBLISHED, then=models.Value(State.POOL)),
        default=F("trashed_from"),
        output_field=models.CharField(),
    )


class Image(models.Model):
    """A picture; `key` is its identity everywhere and never changes."""

    State = State
    TrashReason = TrashReason
    Verdict = Verdict

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
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="published_as",
        verbose_name=_("published from"),
    )
    grown_at = models.DateTimeField(
        _("grown at a kiosk"),
        null=True,
        blank=True,
        help_text=_("Made at a kiosk while a visitor watched. Empty: no visitor's."),
    )
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict, blank=True)
    rating = models.PositiveSmallIntegerField(_("rating (1–5)"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    trashed_at = models.DateTimeField(pgettext_lazy("date", "removed"), null=True, blank=True)
    trashed_from = models.CharField(_("state before it was removed"), max_length=16, blank=True, editable=False)
    trash_reason = models.CharField(
        _("why it was removed"),
        max_length=16,
        choices=TrashReason,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text=_("Empty: a curator removed it."),
    )
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
            # Pages of curators: equal columns first, then the newest; orientation narrows inside the index.
            models.Index(name="image_page", fields=["state", "-id", "orientation"]),
            models.Index(name="image_page_of_emotion", fields=["state", "emotion", "-id", "orientation"]),
            models.Index(name="image_page_of_verdict", fields=["state", "verdict", "-id", "orientation"]),
            models.Index(name="image_page_of_both", fields=["state", "verdict", "emotion", "-id", "orientation"]),
            models.Index(name="image_trashed", fields=["trashed_at"], condition=Q(state=State.TRASH)),
        ]
        constraints = [
            models.CheckConstraint(
                name="image_emotion_known", condition=Q(emotion__in=["", *(emotion for emotion, _ in EMOTIONS)])
            ),
            models.CheckConstraint(
                name="image_serving_has_emotion",
                condition=~Q(state__in=[State.SERVING, State.SHELVED]) | ~Q(emotion=""),
            ),
            models.CheckConstraint(name="image_state_known", condition=Q(state__in=State.values)),
            models.CheckConstraint(
                name="image_orientation_known", condition=Q(orientation__in=[o for o, _ in ORIENTATIONS])
            ),
            models.CheckConstraint(name="image_has_pixels", condition=Q(width__gt=0, height__gt=0)),
            models.CheckConstraint(
                name="image_serving_is_published", condition=~Q(state=State.SERVING) | Q(published_at__isnull=False)
            ),
            models.CheckConstraint(
                name="image_trash_knows_its_way_back",
                condition=Q(state=State.TRASH, trashed_at__isnull=False, trashed_from__in=RETURNABLE)
                | (~Q(state=State.TRASH) & Q(trashed_from="", trashed_at__isnull=True)),
            ),
            models.CheckConstraint(name="image_verdict_known", condition=Q(verdict__in=["", *Verdict.values])),
            models.CheckConstraint(
                name="image_rating_is_1_to_5", condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5)
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_for_walls(self) -> bool:
        """As `for_walls` says of rows; reads state and `grown_at`."""
        allowed = settings.GROWN_UNREVIEWED and self.grown_at is not None and self.state in GROWN_STATES
        return self.state == State.SERVING or allowed

    @property
    def emotion_path(self) -> str:
        return join_emotion(self.emotion, self.favorite)

    def fill_from_key(self) -> Self:
        """Set emotion, favorite, orientation and state from the key."""
        parts = parse_key(self.key)
        self.emotion, self.favorite, self.orientation = parts.emotion, parts.favorite, parts.orientation
        self.state = State.POOL if parts.root == POOL else State.SERVING
        return self


CODE_LENGTH = 12


class SouvenirLinkQuerySet(models.QuerySet["SouvenirLink"]):
    def valid(self) -> Self:
        return self.filter(expires_at__gt=timezone.now())

    def expired(self) -> Self:
        return self.filter(expires_at__lte=timezone.now())


class SouvenirLink(models.Model):
    """A short random address of a souvenir. It names a picture, never a visitor."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True)
    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="souvenir_links", verbose_name=_("image"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    objects = SouvenirLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("souvenir link")
        verbose_name_plural = _("souvenir links")

    def __str__(self) -> str:
        return self.code
