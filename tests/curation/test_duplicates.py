"""Hashes, their index and the groups that follow: nothing within the distance is ever missed."""

import io
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageEnhance

from curation.apps import check_lookalike_distance
from curation.duplicates.groups import count_duplicates, find_neighbours, place_picture, rebuild_groups
from curation.duplicates.hashing import (
    PictureHash,
    alike_pairs,
    as_signed,
    as_unsigned,
    bands_of,
    distance_between,
    hash_picture,
    label_groups,
    values_near,
)
from curation.models import Fingerprint
from garden.models import Image
from garden.services import register_image
from garden.storage.thumbnails import make_thumbnail
from tests.curation.alike import GRADIENT, group_ids, open_sizes, placed
from tests.support import pictures
from tests.support.factories import ImageFactory

HASHES = st.integers(0, 2**64 - 1)


def flip(number: int, bits: set[int]) -> int:
    return number ^ sum(1 << bit for bit in bits)


def groups() -> list[set[int]]:
    found: dict[int, set[int]] = {}
    for image, group in Fingerprint.objects.filter(group__isnull=False).values_list("pk", "group"):
        found.setdefault(group or 0, set()).add(image)
    return sorted(found.values(), key=min)


@given(number=HASHES, bits=st.sets(st.integers(0, 63), max_size=15))
def test_it_looks_up_every_hash_within_the_distance(number: int, bits: set[int]) -> None:
    other, distance = flip(number, bits), len(bits)
    near = [values_near(band, distance) for band in bands_of(number)]
    assert any(band in values for band, values in zip(bands_of(other), near, strict=True))
    assert distance_between(as_signed(number), as_signed(other)) == distance
    assert as_unsigned(as_signed(number)) == number


@given(seed=st.integers(0, 2**32), distance=st.integers(0, 12))
@hypothesis_settings(max_examples=25)
def test_it_finds_exactly_the_pairs_that_a_pairwise_scan_finds(seed: int, distance: int) -> None:
    random = np.random.default_rng(seed)
    centres = random.integers(0, 2**64, (6, 2), dtype=np.uint64)
    noise = np.bitwise_or.reduce(np.uint64(1) << random.integers(0, 64, (60, 2, 7), dtype=np.uint64), axis=2)
    hashes = centres[random.integers(0, 6, 60)] ^ noise
    expected = {
        (i, j)
        for i in range(60)
        for j in range(i + 1, 60)
        if (int(hashes[i, 0]) ^ int(hashes[j, 0])).bit_count() <= distance
        and (int(hashes[i, 1]) ^ int(hashes[j, 1])).bit_count() <= 2 * distance
    }
    assert {(int(i), int(j)) for i, j in alike_pairs(hashes, distance)} == expected


def test_pictures_marked_as_not_alike_are_in_separate_groups() -> None:
    hashes = np.array([[0, 0], [0, 0], [1, 1], [2**40 - 1, 0]], np.uint64)
    assert label_groups(hashes, 6).tolist()[:3] == [label_groups(hashes, 6)[0]] * 3
    labels = label_groups(hashes, 6, [(0, 1), (0, 2)]).tolist()
    assert labels[1] == labels[2] != labels[0]


@pytest.mark.parametrize("changed", ["smaller", "recompressed", "brighter", "png"])
def test_it_knows_a_picture_that_was_saved_anew(changed: str) -> None:
    picture = Pillow.open(io.BytesIO(pictures.coffee())).convert("RGB")
    versions = {
        "smaller": picture.resize((300, 200)),
        "recompressed": Pillow.open(io.BytesIO(pictures.encode(picture, quality=40))),
        "brighter": ImageEnhance.Brightness(picture).enhance(1.15),
        "png": Pillow.open(io.BytesIO(pictures.encode(picture, "PNG"))),
    }
    one, other = hash_picture(picture), hash_picture(versions[changed])
    assert distance_between(one.phash, other.phash) <= 6
    assert distance_between(one.dhash, other.dhash) <= 12
    assert distance_between(one.phash, hash_picture(pictures.astronaut()).phash) > 15


def test_it_measures_sharpness() -> None:
    sharp = pictures.astronaut()
    assert hash_picture(sharp).sharpness > 2 * hash_picture(sharp.resize((90, 90)).resize((512, 512))).sharpness
    assert hash_picture(Pillow.new("RGB", (2, 2))).sharpness == 0


@pytest.mark.django_db
class TestIndex:
    @pytest.mark.parametrize("distance", [0, 6, 15])
    def test_it_misses_nothing_within_the_distance(self, distance: int, settings: Any) -> None:
        random = np.random.default_rng(distance)
        asked = int(random.integers(0, 2**64, dtype=np.uint64))
        settings.LOOKALIKE_DISTANCE = 0
        for count in range(40):
            bits = random.choice(64, count % 20, replace=False)
            placed(flip(asked, {int(bit) for bit in bits}), flip(GRADIENT, set(range(count % 3))))
        fingerprint = placed(asked)
        expected = sorted(
            other.pk
            for other in Fingerprint.objects.exclude(pk=fingerprint.pk)
            if distance_between(other.phash, fingerprint.phash) <= distance
            and distance_between(other.dhash, fingerprint.dhash) <= 2 * distance
        )
        assert sorted(found.image for found in find_neighbours(fingerprint, distance)) == expected
        assert len(expected) >= (2 if distance else 1)

    def test_it_groups_pictures_as_they_come(self) -> None:
        one, other, third = placed(0), placed(1 << 63), placed(2**32 - 1)
        assert groups() == [{one.pk, other.pk}]
        assert open_sizes() == [2]
        bridge = placed(0b1111_1111_1111)
        assert groups() == [{one.pk, other.pk}]
        assert Fingerprint.objects.get(pk=bridge.pk).group is None
        assert Fingerprint.objects.get(pk=third.pk).group is None

    def test_it_makes_one_group_of_two_that_a_new_picture_connects(self) -> None:
        first = [placed(0), placed(0)]
        second = [placed(0xFFF), placed(0xFFF)]
        assert len(groups()) == 2
        Fingerprint.objects.update(resolved_at="2026-01-01T00:00Z")
        bridge = placed(0x3F)
        assert groups() == [{fingerprint.pk for fingerprint in [*first, *second, bridge]}]
        assert open_sizes() == [5]

    def test_it_takes_a_picture_with_new_content_out_of_its_group(self) -> None:
        one, other, third = placed(0), placed(0x3F), placed(0xFFF)
        assert groups() == [{one.pk, other.pk, third.pk}]
        place_picture(image=other.image, hashed=PictureHash(2**64 - 1, GRADIENT, 1))
        assert groups() == []

    def test_rebuilding_gives_the_groups_that_came_one_by_one(self) -> None:
        random = np.random.default_rng(5)
        for _ in range(60):
            placed(flip(0, {int(bit) for bit in random.integers(0, 40, 6)}))
        one_by_one = groups()
        assert rebuild_groups().changed == 0
        Fingerprint.objects.update(group=None)
        assert rebuild_groups(dry_run=True).changed == len(one_by_one)
        assert groups() == []
        rebuild_groups()
        assert groups() == one_by_one

    def test_rebuilding_dissolves_groups_that_are_none(self, settings: Any) -> None:
        placed(0), placed(0x3F), placed(0)
        settings.LOOKALIKE_DISTANCE = 2
        rebuilt = rebuild_groups()
        assert (rebuilt.pictures, rebuilt.groups, rebuilt.changed) == (3, 1, 1)
        assert open_sizes() == [2]

    def test_it_counts_look_alikes_in_few_queries(self, django_assert_max_num_queries: Any) -> None:
        alike = [placed(0) for _ in range(3)]
        alone = placed(2**40 - 1)
        ids = [fingerprint.pk for fingerprint in [*alike, alone]]
        with django_assert_max_num_queries(3):
            assert count_duplicates(ids) == dict.fromkeys(ids[:3], 2)
        Image.objects.filter(pk=alike[0].pk).withdraw()
        assert count_duplicates(ids) == {alike[0].pk: 2, alike[1].pk: 1, alike[2].pk: 1}

    def test_group_sizes_follow_what_becomes_of_pictures(self) -> None:
        one, _other = placed(0), placed(0)
        Image.objects.filter(pk=one.pk).withdraw()
        assert open_sizes() == []
        Image.objects.filter(pk=one.pk).restore()
        assert open_sizes() == [2]

    def test_the_parts_of_a_group_that_falls_apart_are_groups_of_their_own(self) -> None:
        """The smaller part has the picture that the group is named after."""
        small = [placed(0), placed(0)]
        bridge = placed(0x3F)
        large = [placed(0xFFF) for _ in range(3)]
        Fingerprint.objects.update(resolved_at="2026-01-01T00:00Z")
        place_picture(image=bridge.image, hashed=PictureHash(2**64 - 1, GRADIENT, 1))
        assert groups() == [{row.pk for row in small}, {row.pk for row in large}]
        assert group_ids() == [small[0].pk, large[0].pk]
        assert open_sizes() == [2]

    def test_pictures_are_compared_when_their_thumbnail_is_made(self) -> None:
        contents = [
            pictures.coffee(),
            pictures.portrait(),
            pictures.encode(Pillow.open(io.BytesIO(pictures.coffee())), quality=50),
        ]
        images = [
            register_image(key=f"imgPool/calm/img_1_{n}h.jpeg", content=content, origin="painter")
            for n, content in enumerate(contents)
        ]
        for image in images:
            assert make_thumbnail(image=image)
        assert groups() == [{images[0].pk, images[2].pk}]

    def test_the_command_compares_pictures_that_were_not_compared_yet(
        self, capsys: pytest.CaptureFixture[str], settings: Any
    ) -> None:
        for n in range(2):
            make_thumbnail(
                image=register_image(key=f"imgPool/calm/img_1_{n}h.jpeg", content=pictures.coffee(), origin="painter")
            )
        Fingerprint.objects.all().delete()
        ImageFactory()
        call_command("find_lookalikes", dry_run=True)
        call_command("find_lookalikes", rebuild=True)
        settings.LOOKALIKE_DISTANCE = 3
        call_command("find_lookalikes", rebuild=True, dry_run=True)
        missing = "Pictures without a thumbnail: 1. Run make_thumbnails."
        assert capsys.readouterr().out.splitlines() == [
            "Pictures that would be compared: 2.",
            missing,
            "Pictures compared: 2; groups that wait for a decision: 1.",
            "Pictures: 2; groups: 1; groups changed: 0.",
            missing,
            "Pictures that would be compared: 0.",
            "Pictures: 2; groups: 1; groups that would change: 0.",
            missing,
        ]


def test_a_distance_beyond_the_index_is_refused(settings: Any) -> None:
    assert check_lookalike_distance() == []
    settings.LOOKALIKE_DISTANCE = 16
    assert [message.id for message in check_lookalike_distance()] == ["curation.lookalike_distance"]
