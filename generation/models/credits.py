"""Credits for retouches: plans, accounts, and the ledger of charges."""

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
    """Credits added each day, and the largest balance."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    daily = models.PositiveIntegerField(_("credits per day"), null=True, blank=True, help_text=_("Empty: no limit."))
    ceiling = models.PositiveIntegerField(
        _("largest balance"),
        null=True,
        blank=True,
        help_text=_("Unspent credits are kept up to this number. Empty: the credits of one day."),
    )
    usual = models.BooleanField(
        _("default"), default=False, help_text=_("The plan of users without a plan of their own.")
    )

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
                violation_error_message=_("Another plan is the default: change that one first."),
            ),
            models.CheckConstraint(
                name="credit_plan_keeps_a_day",
                condition=Q(ceiling=None) | Q(daily__isnull=False, ceiling__gte=F("daily")),
                violation_error_message=_(
                    "The largest balance must be at least the credits per day, and needs a limit per day."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def most(self) -> int:
        """The largest balance of an account."""
        return self.ceiling or self.daily or 0


class CreditAccount(models.Model):
    """The balance of one person on `day`; later credits are added when the account is read.

    The price of waiting retouches is not deducted: `generation.credits` adds it up from their slots.
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
        help_text=_("Empty: the default plan."),
    )
    balance = models.IntegerField(_("credits"), default=0)
    day = models.DateField(_("credited until"), null=True, blank=True)
    asked_at = models.DateTimeField(_("last checked"), null=True, blank=True)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")

    def __str__(self) -> str:
        return str(self.user)


class CreditCharge(models.Model):
    """One finished version, charged once. The row stays when the version or the user is deleted."""

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
