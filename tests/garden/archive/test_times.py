"""Times in a backup are what Django reads, however they were written."""

import json

import pytest
from django.db import connection

from garden.archive.rows.dumping import dump_rows
from garden.models import Image
from tests.factories import ImageFactory

WRITTEN = [
    "2023-03-20 12:12:42",
    "2023-03-20 12:12:42.000001",
    "2023-03-20 12:12:42.120000",
    "2023-03-20 12:12:42.000000",
    "2023-03-20 12:12:42.12",
    "2023-03-20T12:12:42.123456",
    "2023-03-20 12:12:42.123+00",
    "2023-03-20 12:12:42+09:00",
    "2023-03-20 12:12:42+09:00:30",
    "0999-03-20 12:12:42",
    "2023-03-20 12:12",
]


@pytest.mark.django_db
@pytest.mark.parametrize("written", WRITTEN)
def test_a_time_is_told_as_django_reads_it(written: str) -> None:
    image = ImageFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE garden_image SET created_at = %s, trashed_at = NULL WHERE id = %s", [written, image.pk])
    [line] = dump_rows(Image)
    told = json.loads(line)
    assert (told["created_at"], told["trashed_at"]) == (Image.objects.get().created_at.isoformat(), None)
