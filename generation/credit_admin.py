"""Credits in Django admin: plans, who has which, and the ledger of what was charged."""

from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from garden.admin.base import ExportAdmin, LedgerAdmin
from generation.credits import give_plan, standing_of
from generation.models import CreditAccount, CreditCharge, CreditPlan


@admin.register(CreditPlan)
class CreditPlanAdmin(ExportAdmin):
    list_display = ["name", "daily", "ceiling", "usual"]
    list_filter = ["usual"]
    search_fields = ["name"]


@admin.register(CreditAccount)
class CreditAccountAdmin(ExportAdmin):
    """Who has which plan; the credits themselves come and go by rule alone."""

    list_display = ["user", "plan", "balance", "day", "asked_at"]
    list_filter = ["plan", "day"]
    list_select_related = ["user", "plan"]
    list_per_page = 50
    search_fields = ["user__username"]
    ordering = ["user__username"]
    readonly_fields = ["left", "balance", "day", "asked_at"]

    @admin.display(description=_("left now"))
    def left(self, account: CreditAccount) -> str:
        if account._state.adding:
            return "–"
        left = standing_of(account.user).left
        return "∞" if left is None else str(left)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, "user"] if obj else list(self.readonly_fields)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["queryset"] = get_user_model().objects.filter(is_staff=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CreditAccount, form: Any, change: bool) -> None:
        """Through the service: it holds the account while it changes."""
        obj.pk = give_plan(user=obj.user, plan=obj.plan).pk


@admin.register(CreditCharge)
class CreditChargeAdmin(LedgerAdmin):
    list_display = ["charged_at", "user", "amount", "version"]
    list_filter = ["charged_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "=version"]
    date_hierarchy = "charged_at"
    ordering = ["-charged_at"]
