"""Short links: random, shared by everybody who shows the picture, gone after a while."""

import math
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from garden.models import Image, SouvenirLink
from garden.models.image import CODE_LENGTH
from garden.souvenirs.links import ALPHABET, find_link, link_for
from garden.tasks import sweep_retention
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def image() -> Image:
    made: Image = ImageFactory.create()
    return made


def test_it_cannot_be_guessed() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert CODE_LENGTH * math.log2(len(ALPHABET)) >= 60


def test_no_two_pictures_share_a_code() -> None:
    codes = {link_for(ImageFactory.create()).code for _ in range(50)}
    assert len(codes) == 50


def test_it_has_no_letters_that_are_read_as_another(image: Image) -> None:
    assert not set("oil") & set(ALPHABET)
    assert set(link_for(image).code) <= set(ALPHABET)


def test_it_is_found_as_people_type_it(image: Image) -> None:
    link = link_for(image)
    SouvenirLink.objects.filter(pk=link.pk).update(code="0123abcdefgh")
    assert find_link("OI23ABCDEFGH") == link
    assert find_link("0123abcdefgj") is None


def test_it_lives_as_long_as_the_setting_says(image: Image, settings: Any) -> None:
    settings.SOUVENIR_DAYS = 7
    assert timedelta(days=6.99) < link_for(image).expires_at - timezone.now() <= timedelta(days=7)


def test_a_picture_keeps_its_link_while_half_of_its_life_is_left(image: Image, settings: Any) -> None:
    settings.SOUVENIR_DAYS = 10
    first = link_for(image)
    SouvenirLink.objects.update(expires_at=timezone.now() + timedelta(days=5, minutes=1))
    assert link_for(image) == first
    SouvenirLink.objects.update(expires_at=timezone.now() + timedelta(days=4))
    second = link_for(image)
    assert second.code != first.code
    assert find_link(first.code) is not None


@pytest.mark.django_db(transaction=True)
def test_kiosks_that_ask_at_once_get_one_link(image: Image) -> None:
    codes: list[str] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        codes.append(link_for(image).code)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 8
    assert len(set(codes)) == 1
    assert SouvenirLink.objects.count() == 1


def test_ended_links_are_swept_when_they_have_said_so_for_a_month(image: Image) -> None:
    now = timezone.now()
    for days in (-31, -29, 1):
        SouvenirLink.objects.create(image=image, code=f"days{days}", expires_at=now + timedelta(days=days))
    assert sweep_retention()["souvenir links"] == 1
    assert set(SouvenirLink.objects.values_list("code", flat=True)) == {"days-29", "days1"}


def test_it_knows_the_picture_and_nobody_else() -> None:
    assert {field.name for field in SouvenirLink._meta.get_fields()} == {
        "id",
        "code",
        "image",
        "created_at",
        "expires_at",
    }
