"""How often something happened lately, where several machines count together."""

from django.db import models


class RateCount(models.Model):
    """Written by `garden.rates.database` alone; `name` is a keyed hash."""

    name = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.FloatField(db_index=True)

    class Meta:
        db_table = "garden_ratecount"

    def __str__(self) -> str:
        return self.name
