"""What a person may spend on retouches: a plan, an account, and the ledger of what was charged."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CreditPlanQuerySet(models.QuerySet["CreditPlan"]):
    def usual(self) -> Self:
        return self.filter(usual=True)


class CreditPlan(models.Model):
    """How many credits come each day, and how many are kept at most."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    daily = models.PositiveIntegerField(
        _("credits a day"), null=True, blank=True, help_text=_("Empty: without a limit.")
    )
    ceiling = models.PositiveIntegerField(
        _("kept at most"),
        null=True,
        blank=True,
        help_text=_("What was not spent is kept up to this number. Empty: as many as come in a day."),
    )
    usual = models.BooleanField(_("usual"), default=False, help_text=_("The plan of everybody who was given none."))

    objects = CreditPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit plan")
        verbose_name_plural = _("credit plans")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                name="credit_plan_one_usual",
                fields=["usual"],
                condition=Q(usual=True),
                violation_error_message=_("Another plan is the usual one: take that from it first."),
            ),
            models.CheckConstraint(
                name="credit_plan_keeps_a_day",
                condition=Q(ceiling=None) | Q(daily__isnull=False, ceiling__gte=F("daily")),
                violation_error_message=_("A plan keeps at least what comes in a day; one without a limit keeps none."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def most(self) -> int:
        """How many credits an account of this plan can have."""
        return self.ceiling or self.daily or 0


class CreditAccount(models.Model):
    """The credits of one person, as of `day`; those that came since are added when somebody asks.

    What waiting retouches will cost is not taken off: `generation.credits` counts it in their slots.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="credit_account", verbose_name=_("who")
    )
    plan = models.ForeignKey(
        CreditPlan,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=_("plan"),
        help_text=_("Empty: the usual one."),
    )
    balance = models.IntegerField(_("credits"), default=0)
    day = models.DateField(_("credited until"), null=True, blank=True)
    asked_at = models.DateTimeField(_("last asked"), null=True, blank=True)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")

    def __str__(self) -> str:
        return str(self.user)


class CreditCharge(models.Model):
    """A line of the ledger: one finished version, charged once. It outlives the version and whoever asked for it."""

    version = models.UUIDField(_("version"), primary_key=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    amount = models.PositiveIntegerField(_("credits"))
    charged_at = models.DateTimeField(_("charged"), default=timezone.now)

    class Meta:
        verbose_name = _("credit charge")
        verbose_name_plural = _("credit charges")
        indexes = [models.Index(name="credit_charge_of", fields=["user", "charged_at"])]

    def __str__(self) -> str:
        return f"{self.version} {self.amount}"
