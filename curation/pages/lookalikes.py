"""Look-alikes side by side, with their differences and the keys that resolve them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.access_control import page_context
from curation.duplicates.listing import list_groups
from curation.pages.scripts import ANY_UUID, script_config
from garden.models import Image
from garden.models.choices import EMOTIONS

FIRST = 8
WORDS: dict[str, Promise | str] = {
    "group": _("{size} pictures"),
    "best": _("best"),
    "same": _("the same picture"),
    "apart": _("{bits} bits apart"),
    "likes": _("{liked} of {shown} liked"),
    "neverShown": _("never shown"),
    "sharpness": _("sharpness {value}"),
    "seed": _("seed {seed}"),
    "rating": _("rating {rating}"),
    "more": _("{count} more are not shown"),
    "said_keep_best": _("The best is kept, {count} disliked."),
    "said_remove_others": _("The best is kept, {count} went to the trash."),
    "said_keep_all": _("All {count} are kept."),
    "said_not_alike": _("Saved: not near duplicates."),
    "undone": _("Undone."),
    "nothingToUndo": _("Nothing to undo."),
    "network": _("The server cannot be reached. Try again in a moment."),
    "signed_out": _("You may not do this, or you are signed out."),
    "server": _("Server error. Try again in a moment."),
    "mayNot": _("You may not do this."),
}


@never_cache
@require_safe
def show_lookalikes(request: HttpRequest) -> HttpResponse:
    page = {
        **page_context(request, _("Near duplicates")),
        "config": _config(request),
        "words": WORDS,
        "first": list_groups(request, None, FIRST),
    }
    return render(request, "admin/curation/lookalikes.html", page)


def _config(request: HttpRequest) -> dict[str, Any]:
    rights = {"decide": "curation.decide", "remove": "curation.remove_images"}
    return script_config(
        request,
        may={name: request.user.has_perm(permission) for name, permission in rights.items()},
        emotions=dict(EMOTIONS),
        states=dict(Image.State.choices),
        verdicts=dict(Image.Verdict.choices),
        paths={
            "groups": reverse("curation:api-lookalikes"),
            "settle": reverse("curation:settle-lookalikes", args=[0]),
            "undo": reverse("curation:unsettle-lookalikes", args=[ANY_UUID]),
        },
    )
