"""Admin lists that leave as CSV or XLSX, and a few that come back from one."""

import re
from collections.abc import Callable
from typing import Any

import tablib
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin, ImportMixin
from import_export.formats.base_formats import CSV, XLSX

from garden.access.trail import record
from garden.admin.audited import AuditedAdmin
from garden.admin.workbooks import refuse_bombs
from garden.cells import defuse, restore
from garden.models.audit import AuditKind

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
    """A workbook holds no control characters: another one stands for each."""

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        refuse_bombs(in_stream)
        return super().create_dataset(in_stream, **kwargs)

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_each_cell(dataset, _without_controls), **kwargs)


class ExportAdmin(ExportMixin, AuditedAdmin):
    """A list with an Export button: whoever may look may take it along."""

    formats = [DefusedCSV, DefusedXLSX]
    show_full_result_count = False

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def export_action(self, request: HttpRequest) -> HttpResponse:
        if self.get_export_queryset(request)[: MAX_ROWS + 1].count() > MAX_ROWS:
            words = _("These are more than %(most)d rows: filter the list, or use the export commands.")
            messages.error(request, words % {"most": MAX_ROWS})
            return HttpResponseRedirect("..")
        answer: HttpResponse = super().export_action(request)
        return answer

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        record(AuditKind.EXPORTED, self.opts.label_lower, rows=queryset.count(), format=file_format.get_extension())
        return data


class ImportExportAdmin(ImportMixin, ExportAdmin):
    """A list that people may also write in a spreadsheet: whoever may add and change rows may import them."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_add_permission(request) and self.has_change_permission(request)

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = super().process_result(result, request)
        record(AuditKind.IMPORTED, self.opts.label_lower, **result.totals)
        return answer
