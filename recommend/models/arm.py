"""By whom a visitor was served."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Arm(models.TextChoices):
    CHAMPION = "champion", _("champion")
    CHALLENGER = "challenger", _("challenger")
    HOLDOUT = "holdout", _("random hold-out")
