"""Accounts and groups, with the second factor and unlocking, and the audit log."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from garden.access.audit_log import record
from garden.access.sign_in import unlock
from garden.access.two_factor import remove_factor
from garden.admin.base import AuditedAdmin, LedgerAdmin
from garden.models import AuditEntry
from garden.models.audit import AuditKind

# The secrets of second factors are not shown, not even to administrators.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


@admin.register(User)
class StaffAdmin(AuditedAdmin, UserAdmin):  # type: ignore[type-arg]
    list_display = ["username", "email", "is_active", "is_staff", "is_superuser", "second_factor", "last_login"]
    actions = ["let_in_again", "take_second_factor_away"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        proved = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        users: QuerySet[User] = super().get_queryset(request)
        return users.annotate(has_second_factor=Exists(proved))

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="has_second_factor")
    def second_factor(self, user: User) -> bool:
        return bool(getattr(user, "has_second_factor", False))

    @admin.action(description=gettext_lazy("Unlock after too many wrong passwords"), permissions=["change"])
    def let_in_again(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            lifted = unlock(user.username)
            record(AuditKind.UNLOCKED, user.username, lifted=lifted)
            locks = ", ".join(str(lock.label) for lock in lifted) or _("not locked")
            values = {"name": user.username, "locks": locks}
            messages.success(request, _("%(name)s can sign in again. Locks removed: %(locks)s.") % values)

    @admin.action(description=gettext_lazy("Remove the second factor (lost phone)"), permissions=["change"])
    def take_second_factor_away(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Not for users with more rights than the requesting one: that would give access to their account."""
        for user in queryset if request.user.is_superuser else queryset.filter(is_superuser=False):
            remove_factor(user)
            record(AuditKind.FACTOR_REMOVED, user.username)
        messages.success(request, _("The second factor was removed. The next sign-in sets up a new one."))


@admin.register(Group)
class AuditedGroupAdmin(AuditedAdmin, GroupAdmin):
    pass


@admin.register(AuditEntry)
class AuditEntryAdmin(LedgerAdmin):
    list_display = ["at", "kind", "who", "address", "about", "detail"]
    list_filter = ["kind", "at", "who"]
    search_fields = ["who", "address", "about"]
    date_hierarchy = "at"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("garden.read_audit_log"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
