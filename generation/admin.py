"""Jobs, slots, workers and prompt templates in Django admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from generation import jobs
from generation.models import GenerationJob, HostEvent, PromptTemplate, Slot, Worker


class MadeByServices(admin.ModelAdmin[Any]):
    """Rows that services write; here they are looked at and told what to do, not edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


@admin.register(GenerationJob)
class GenerationJobAdmin(MadeByServices):
    list_display = ["title", "owner", "priority", "control", "done", "open", "failed", "created_at"]
    list_filter = ["control", "priority", "created_at"]
    list_select_related = ["owner"]
    search_fields = ["title"]
    actions = ["pause", "resume", "cancel", "retry"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GenerationJob]:
        return GenerationJob.objects.with_counts()

    @admin.display(description=_("done"))
    def done(self, job: Any) -> str:
        return f"{job.done_slots} / {job.all_slots}"

    @admin.display(description=_("open"))
    def open(self, job: Any) -> int:
        left: int = job.queued_slots + job.paused_slots + job.leased_slots
        return left

    @admin.display(description=_("failed"))
    def failed(self, job: Any) -> int:
        failed: int = job.failed_slots
        return failed

    @admin.action(description=_("Pause"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        for job in queryset:
            jobs.pause_job(job=job)

    @admin.action(description=_("Resume"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        for job in queryset:
            jobs.resume_job(job=job)

    @admin.action(description=_("Cancel"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        for job in queryset:
            jobs.cancel_job(job=job)

    @admin.action(description=_("Try failed pictures again"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[GenerationJob]) -> None:
        for job in queryset:
            jobs.retry_failed(job=job)


@admin.register(Slot)
class SlotAdmin(MadeByServices):
    list_display = ["key", "state", "engine", "model", "attempt", "lease_owner", "seconds", "finished_at"]
    list_filter = ["state", "engine", "model", "orientation"]
    search_fields = ["key", "prompt"]
    show_full_result_count = False


@admin.register(Worker)
class WorkerAdmin(MadeByServices):
    list_display = ["name", "engines", "device", "model", "seconds_per_picture", "pictures_made", "last_seen_at"]


@admin.register(HostEvent)
class HostEventAdmin(MadeByServices):
    list_display = ["at", "switch", "by"]
    list_filter = ["switch"]
    list_select_related = ["by"]


@admin.register(PromptTemplate)
class PromptTemplateAdmin(admin.ModelAdmin[PromptTemplate]):
    list_display = ["emotion", "order", "text", "active"]
    list_display_links = ["text"]
    list_editable = ["order", "active"]
    list_filter = ["emotion", "active"]
    search_fields = ["text", "negative"]
