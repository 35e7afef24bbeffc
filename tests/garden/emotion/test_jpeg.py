from garden.emotion.jpeg import count_scans
from tests.pictures import astronaut, encode, portrait


def test_it_counts_one_scan_of_a_plain_jpeg() -> None:
    assert count_scans(portrait()) == 1


def test_it_counts_every_scan_of_a_progressive_jpeg() -> None:
    assert count_scans(encode(astronaut(), progressive=True)) == 10


def test_it_does_not_count_what_a_segment_holds() -> None:
    assert count_scans(encode(astronaut(), comment=b"\xff\xda" * 1_000)) == 1


def test_it_does_not_count_what_follows_the_picture() -> None:
    assert count_scans(portrait() + b"\xff\xda" * 1_000) == 1


def test_it_ends_on_broken_files() -> None:
    for data in (b"", b"\xff", b"\xff\xd8\xff", b"\xff\xd8\xff\xda", b"\xff" * 1_000):
        assert count_scans(data) <= 1
