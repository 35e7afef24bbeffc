"""The sweeper of retention, killed before each of its writes: nothing is half forgotten, and the next sweep ends it."""

from pathlib import Path

from tests.faults.deaths import deaths
from tests.faults.sweeping import OLD, YOUNG

KINDS = ("visitors", "slates", "consents", "alarms", "photos")


def test_what_is_old_goes_whole_and_what_is_young_stays(database: str, tmp_path: Path) -> None:
    *died, last = deaths("sweeping", database=database, folder=tmp_path, PRIVACY_PACK="eu")
    assert last["survived"]
    assert not any(death["survived"] for death in died)
    assert len(died) > 5
    for death in [*died, last]:
        between, after = death["between"], death["after"]
        assert between["problems"] == after["problems"] == []
        assert all(YOUNG <= between[kind] <= OLD + YOUNG for kind in KINDS)
        assert {kind: after[kind] for kind in KINDS} == dict.fromkeys(KINDS, YOUNG)
    assert len({death["between"]["visitors"] for death in died}) > 1, "it dies between one little and the next"
