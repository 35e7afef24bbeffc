"""What counts looks and likes says how many of the looks were likes."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from recommend.templatetags.rates import share


class WithLikeRate:
    """Of rows that have `shown` and `liked`."""

    @admin.display(description=_("likes per look"))
    def like_rate(self, row: Any) -> str:
        return share(row.liked, row.shown)
