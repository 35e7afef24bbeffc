"""What became of an act, as a message at the head of the next page."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from curation.models import Act
from garden.errors import GardenError


def tell_outcome(request: HttpRequest, begin: Callable[[], Act], done: str) -> None:
    """Begin an act and say how it went; one of many pictures goes on in the background."""
    try:
        act = begin()
    except GardenError as problem:
        messages.error(request, problem.detail)
        return
    if act.state == Act.State.FAILED:
        messages.error(request, act.error)
    elif act.state == Act.State.DONE:
        messages.success(request, done)
    else:
        messages.info(request, _("It is being done; the history shows how far it is."))
