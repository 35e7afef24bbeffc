"""Jobs, slots, workers, prompt templates and credits in Django admin."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import get_user_model
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export.resources import ModelResource

from garden.admin.base import ExportAdmin, ImportExportAdmin, LedgerAdmin
from generation import jobs
from generation.credits import NoCreditsError, give_plan, standing_of
from generation.models import (
    CreditAccount,
    CreditCharge,
    CreditPlan,
    GenerationJob,
    OrderPreset,
    PromptTemplate,
    Slot,
    Worker,
)
from generation.models.job import JobState
from generation.queue.progress import sentence_of
from generation.retouch import admin as retouch_admin  # noqa: F401

PREVIEW = 72
"""Height of a picture in a list, in pixels."""
WITH_HOSTS = "admin/generation/with_hosts.html"
"""A change list with the GPU host controls."""


class JobList(ChangeList):
    """Counts slots only for the jobs on the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        shown = [job.pk for job in self.result_list]
        counted = GenerationJob.objects.filter(pk__in=shown).select_related("owner").with_counts()
        self.result_list = sorted(counted, key=lambda job: shown.index(job.pk))


class JobStateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return JobState.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> QuerySet[GenerationJob]:
        return queryset.in_state(self.value()) if self.value() in JobState.values else queryset  # type: ignore[attr-defined]


@admin.register(GenerationJob)
class GenerationJobAdmin(LedgerAdmin):
    """Jobs have actions, but cannot be edited."""

    list_display = ["title", "owner", "priority", "state", "done", "open", "failed", "created_at", "watch"]
    ordering = ["-created_at"]
    list_filter = [JobStateFilter, "priority", "created_at"]
    search_fields = ["title"]
    actions = ["pause", "resume", "cancel", "retry"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("generation.change_generationjob")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return JobList

    @admin.display(description=pgettext_lazy("number", "done"))
    def done(self, job: Any) -> str:
        return f"{job.done_slots} / {job.all_slots}"

    @admin.display(description=_("open"))
    def open(self, job: Any) -> Any:
        return job.queued_slots + job.paused_slots + job.leased_slots

    @admin.display(description=_("failed"))
    def failed(self, job: Any) -> Any:
        return job.failed_slots

    @admin.display(description=_("watch"))
    def watch(self, job: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), _("watch"))

    @admin.display(description=_("state"))
    def state(self, job: Any) -> str:
        return str(JobState(job.state).label)

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        self._change(request, queryset, jobs.pause_job)

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        self._change(request, queryset, jobs.resume_job)

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        self._change(request, queryset, jobs.cancel_job)

    @admin.action(description=_("Try failed pictures again"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        self._change(request, queryset, jobs.retry_failed)

    def _change(self, request: HttpRequest, queryset: QuerySet[GenerationJob], act: Callable[..., Any]) -> None:
        for job in queryset:
            try:
                act(job=job)
            except (jobs.JobStateError, NoCreditsError) as error:
                self.message_user(request, f"{job}: {error.detail}", messages.ERROR)


@admin.register(Slot)
class SlotAdmin(LedgerAdmin):
    list_display = ["preview", "key", "job", "state", "engine", "model", "attempt", "seconds", "finished_at", "reason"]
    list_display_links = ["preview", "key"]
    list_filter = ["state", "kind", "engine", "model", "orientation", "finished_at", "template"]
    list_select_related = ["job"]
    search_fields = ["key", "prompt"]
    ordering = ["-id"]

    @admin.display(description=_("picture"))
    def preview(self, slot: Slot) -> SafeString:
        """Uses the slot's key, without loading the image row."""
        if slot.image_id is None:
            return SafeString("–")
        return format_html(
            '<img src="{}" alt="{}" height="{}" loading="lazy">', default_storage.url(slot.key), slot.prompt, PREVIEW
        )

    @admin.display(description=_("error"))
    def reason(self, slot: Slot) -> str:
        return sentence_of(slot.error)


@admin.register(Worker)
class WorkerAdmin(LedgerAdmin):
    change_list_template = WITH_HOSTS
    list_display = ["name", "makes_with", "device", "model", "seconds_per_picture", "pictures_made", "last_seen_at"]
    list_filter = ["last_seen_at"]
    search_fields = ["name", "device", "model"]
    ordering = ["-last_seen_at"]

    @admin.display(description=_("engines"))
    def makes_with(self, worker: Worker) -> str:
        return ", ".join(worker.engines)


class OrderPresetResource(ModelResource):
    """Presets by name, their choices as JSON."""

    class Meta:
        model = OrderPreset
        fields = ("id", "name", "request")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


@admin.register(OrderPreset)
class OrderPresetAdmin(ImportExportAdmin):
    resource_classes = [OrderPresetResource]
    list_display = ["name", "by", "created_at"]
    list_filter = ["by", "created_at"]
    list_select_related = ["by"]
    search_fields = ["name"]


class PromptTemplateResource(ModelResource):
    """Rows with an id change that template, rows without one are new."""

    class Meta:
        model = PromptTemplate
        fields = ("id", "emotion", "order", "text", "negative", "active")
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True


@admin.register(PromptTemplate)
class PromptTemplateAdmin(ImportExportAdmin):
    resource_classes = [PromptTemplateResource]
    list_display = ["emotion", "order", "text", "active"]
    list_display_links = ["text"]
    list_editable = ["order", "active"]
    list_filter = ["emotion", "active"]
    search_fields = ["text", "negative"]


@admin.register(CreditPlan)
class CreditPlanAdmin(ExportAdmin):
    list_display = ["name", "daily", "ceiling", "usual"]
    list_filter = ["usual"]
    search_fields = ["name"]


@admin.register(CreditAccount)
class CreditAccountAdmin(ExportAdmin):
    """Only the plan can be edited; credits are added and charged by rule."""

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
        """Use the service, which locks the account."""
        obj.pk = give_plan(user=obj.user, plan=obj.plan).pk


@admin.register(CreditCharge)
class CreditChargeAdmin(LedgerAdmin):
    list_display = ["charged_at", "user", "amount", "version"]
    list_filter = ["charged_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "=version"]
    date_hierarchy = "charged_at"
    ordering = ["-charged_at"]
