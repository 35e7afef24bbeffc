"""Filters of lists where Django's own say nothing."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import AllValuesFieldListFilter, FieldListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import CharField, Field
from django.utils.translation import gettext as _


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
