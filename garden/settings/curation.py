"""How curators decide, how long the trash keeps what they removed, and what looks alike."""

from typing import Any

from django.urls import reverse

from garden.settings.env import env_int

CURATION_VOTES_NEEDED = env_int("CURATION_VOTES_NEEDED", 1, minimum=1)
CURATION_TRASH_DAYS = env_int("CURATION_TRASH_DAYS", 30)
LOOKALIKE_DISTANCE = env_int("LOOKALIKE_DISTANCE", 6)


def _page_of_job(job: Any) -> str:
    return f"{reverse('curation:bulk')}?job={job.pk}"


ABSOLUTE_URL_OVERRIDES = {"generation.generationjob": _page_of_job}
