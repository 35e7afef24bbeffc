"""Look-alikes side by side, with what tells them apart and the keys that settle them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from curation.duplicates.listing import list_groups
from curation.pages.gate import page_context
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
    "said_not_alike": _("Remembered: not alike."),
    "undone": _("Taken back."),
    "nothingToUndo": _("There is nothing to take back."),
    "network": _("The garden cannot be reached. Try again in a moment."),
    "signed_out": _("You may not do this, or you are signed out."),
    "server": _("Something broke here. Try again in a moment."),
    "mayNot": _("You may not do this."),
}


@never_cache
@require_safe
def show_lookalikes(request: HttpRequest) -> HttpResponse:
    page = {
        **page_context(request, _("Look-alikes")),
        "config": _config(request),
        "words": {name: str(word) for name, word in WORDS.items()},
        "first": list_groups(request, None, FIRST),
    }
    return render(request, "admin/curation/lookalikes.html", page)


def _config(request: HttpRequest) -> dict[str, Any]:
    rights = {"decide": "curation.decide", "remove": "curation.remove_images"}
    return {
        "language": get_language(),
        "csrfToken": get_token(request),
        "may": {name: request.user.has_perm(permission) for name, permission in rights.items()},
        "emotions": {str(emotion): str(name) for emotion, name in EMOTIONS},
        "states": {str(state): str(name) for state, name in Image.State.choices},
        "verdicts": {str(verdict): str(name) for verdict, name in Image.Verdict.choices},
        "paths": {
            "groups": reverse("curation:api-lookalikes"),
            "settle": reverse("curation:settle-lookalikes", args=[0]),
            "undo": reverse("curation:unsettle-lookalikes", args=["00000000-0000-0000-0000-000000000000"]),
        },
    }
