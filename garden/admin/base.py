"""What lists of the admin share: export and import as CSV or XLSX, the audit log, rows that only services write."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import tablib
from django.contrib import admin, messages
from django.contrib.admin import AllValuesFieldListFilter, FieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import CharField, Field, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin, ImportMixin
from import_export.formats.base_formats import CSV, XLSX

from garden.access.audit_log import record, record_change
from garden.csv_escaping import defuse, restore
from garden.models.audit import AuditKind


class WrittenValuesFilter(AllValuesFieldListFilter):
    """Of a text that may be left empty: the link to rows without one has a word, too."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            shown = str(choice["display"])
            if not shown or shown.startswith(" ("):  # Nothing but how many there are.
                choice = {**choice, "display": _("left empty") + shown}
            yield choice


def may_be_left_empty(field: Field[Any, Any]) -> bool:
    return isinstance(field, CharField) and field.blank and not field.choices


FieldListFilter.register(may_be_left_empty, WrittenValuesFilter, take_priority=True)


MAX_WORKBOOK_BYTES = 100 * 2**20
MAX_WORKBOOK_PARTS = 1_000


def refuse_bombs(content: bytes) -> None:
    """Raises ValueError for a workbook that is none, or that unpacks to more than `MAX_WORKBOOK_BYTES`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as workbook:
            parts = workbook.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise ValueError("This is not an XLSX workbook.") from error
    if len(parts) > MAX_WORKBOOK_PARTS or sum(part.file_size for part in parts) > MAX_WORKBOOK_BYTES:
        raise ValueError(f"This workbook unpacks to more than {MAX_WORKBOOK_BYTES // 2**20} MB.")


class AuditedAdmin(admin.ModelAdmin[Any]):
    """A list whose changes are all in the audit log."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Django logs rows that are deleted together in one go and sends no signal of them."""
        entries = super().log_deletions(request, queryset)
        if len(entries) > 1:
            for entry in entries:
                record_change(entry)
        return entries

    def switch(self, request: HttpRequest, devices: QuerySet[Any], *, active: bool) -> None:
        for device in devices.exclude(is_active=active):
            device.is_active = active
            device.save(update_fields=["is_active"])
            self.log_change(request, device, [{"changed": {"fields": ["is_active"]}}])


MAX_ROWS = 50_000
"""A browser's download is made in memory; more rows than these are what commands are for."""
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _without_controls(cell: str) -> str:
    return _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", cell)


def _each_cell(dataset: tablib.Dataset, change: Callable[[str], str]) -> tablib.Dataset:
    rows = [[change(cell) if isinstance(cell, str) else cell for cell in row] for row in dataset]
    return tablib.Dataset(*rows, headers=dataset.headers)


class _Defused:
    """Formulas are defused on the way out, and come back as they were."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_each_cell(dataset, defuse), **kwargs)  # type: ignore[misc]

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        return _each_cell(super().create_dataset(in_stream, **kwargs), restore)  # type: ignore[misc]


class DefusedCSV(_Defused, CSV):
    pass


class DefusedXLSX(_Defused, XLSX):
    """A workbook holds no control characters: each is replaced."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        refuse_bombs(in_stream)
        return super().create_dataset(in_stream, **kwargs)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_each_cell(dataset, _without_controls), **kwargs)


class RowForm(ModelForm[Any]):
    """A row of a list that is edited in place: each field is labelled with its column and its row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.visible_fields():
            field.field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class ExportAdmin(ExportMixin, AuditedAdmin):
    """A list with an Export button for users who may view it."""

    formats = [DefusedCSV, DefusedXLSX]
    show_full_result_count = False

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[ModelForm[Any]]:
        form: type[ModelForm[Any]] = super().get_changelist_form(request, **{"form": RowForm, **kwargs})
        return form

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        if self.get_export_queryset(request)[: MAX_ROWS + 1].count() > MAX_ROWS:
            words = _("More than %(most)d rows: filter the list, or use the export commands.")
            messages.error(request, words % {"most": MAX_ROWS})
            return HttpResponseRedirect("..")
        answer: HttpResponse = super().export_action(request)
        return answer

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        record(AuditKind.EXPORTED, self.opts.label_lower, rows=queryset.count(), format=file_format.get_extension())
        return data


class ImportExportAdmin(ImportMixin, ExportAdmin):
    """A list that can also be edited in a spreadsheet: users who may add and change rows may import them."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = super().process_result(result, request)
        record(AuditKind.IMPORTED, self.opts.label_lower, **result.totals)
        return answer


class LedgerAdmin(ExportAdmin):
    """Rows that services write: viewed and exported, never edited."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WithItsLedgers(AuditedAdmin):
    """Rows of ledgers cannot be deleted on their own, only by a cascade from their owner."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        named, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        registered = self.admin_site._registry.items()
        ledgers = {model._meta.verbose_name for model, page in registered if isinstance(page, LedgerAdmin)}
        return named, counts, forbidden - ledgers, protected
