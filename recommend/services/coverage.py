"""The coverage promise: every serving picture is shown at least `COVERAGE_MONTHLY` times in 30 days.

A picture is shown too rarely when its impressions of the last DAYS days are fewer, so that there is time left to show
it before the promise is broken. The embedded recommender treats such pictures as it treats new ones.
"""

from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from garden.models import Image
from recommend.models import Coverage, ImageRate, Interaction
from recommend.models.coverage import DAYS

MOST_BEHIND = 5_000


def count_coverage() -> Coverage | None:
    """Count again; without a promise the row goes."""
    least = settings.COVERAGE_MONTHLY
    if not least:
        Coverage.objects.all().delete()
        return None
    recent = Interaction.objects.filter(created_at__gte=timezone.now() - timedelta(days=DAYS))
    shown = Counter[int]()
    for images in recent.values_list("exposed", flat=True).iterator(chunk_size=5_000):
        shown.update(images)
    serving = list(Image.objects.serving().values_list("pk", flat=True))
    gaps = {image: least - shown[image] for image in serving if shown[image] < least}
    behind = sorted(gaps, key=lambda image: (-gaps[image], image))[:MOST_BEHIND]
    rates = ImageRate.objects.filter(image__in=behind).aggregate(shown=Sum("shown"), liked=Sum("liked"))
    row, _created = Coverage.objects.update_or_create(
        pk=1,
        defaults={
            "pictures": len(serving),
            "behind": behind,
            "covered": len(serving) - len(gaps),
            "missing": sum(gaps.values()),
            "behind_shown": rates["shown"] or 0,
            "behind_liked": rates["liked"] or 0,
            "shown": shown.total(),
            "liked": recent.standing_likes().count(),
        },
    )
    return row
