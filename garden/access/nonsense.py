"""Addresses of admin pages that nobody's link leads to: 400, where Django and its list exports would fail."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import TO_FIELD_VAR, IncorrectLookupParameters
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest

View = Callable[..., Any]
_OF_RANGES = "contained_by"
"""What django.contrib.postgres lets every number and date be asked for, whichever database there is: a range."""


def refuse_nonsense(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _refuse_odd_field(request)
        _refuse_odd_lookups(request)
        _refuse_odd_rows(request, getattr(view, "__self__", None))
        try:
            return view(request, *args, **kwargs)
        except IncorrectLookupParameters as error:  # Lists answer this themselves; their exports do not.
            raise BadRequest("This list has no such filter.") from error
        except OverflowError as error:  # SQLite's numbers have 64 bits, and a filter of many is not measured before.
            raise BadRequest("This number is too large.") from error

    return answer


def _refuse_odd_field(request: HttpRequest) -> None:
    """Django looks up what is no name as if it were a field."""
    for asked in (request.GET, request.POST):
        if TO_FIELD_VAR in asked and not asked[TO_FIELD_VAR].isidentifier():
            raise BadRequest("This is no field.")


def _refuse_odd_lookups(request: HttpRequest) -> None:
    if any(name.rpartition("__")[2] == _OF_RANGES for name in request.GET):
        raise BadRequest("This list has no such filter.")


def _refuse_odd_rows(request: HttpRequest, of: object) -> None:
    """Django would ask the database for rows whose numbers are none."""
    if not isinstance(of, ModelAdmin) or of.model._meta.pk is None:
        return
    try:
        for row in request.POST.getlist(ACTION_CHECKBOX_NAME):
            of.model._meta.pk.to_python(row)
    except ValidationError as error:
        raise BadRequest("These are no rows of this list.") from error
