from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from generation.engines.base import PictureRequest
from generation.engines.sagemaker.fleet import Endpoint, Errand, Fleet, assign

REQUEST = PictureRequest("calm", 64, 64, 0)
SPEEDS = st.lists(st.floats(0.1, 60), min_size=1, max_size=6)


def errands(count: int) -> list[Errand]:
    return [Errand(index, REQUEST) for index in range(count)]


def fleet_of(speeds: list[float], parallel: int = 1) -> Fleet:
    fleet = Fleet([f"e{index}" for index in range(len(speeds))], parallel, threshold=3, cool_down=30)
    for endpoint, seconds in zip(fleet.endpoints, speeds, strict=True):
        endpoint.speed.measure(seconds)
    return fleet


def simulate(fleet: Fleet, speeds: list[float], pictures: int) -> tuple[Counter[str], float]:
    """How many pictures each endpoint makes, and when the last one is ready, with a clock of its own."""
    waiting, now, made = errands(pictures), 0.0, Counter[str]()
    running: list[tuple[float, int, Endpoint]] = []
    while waiting or running:
        for errand, endpoint in fleet.take(waiting):
            waiting.remove(errand)
            running.append((now + speeds[fleet.endpoints.index(endpoint)], errand.index, endpoint))
        now, _, endpoint = first = min(running, key=lambda item: item[:2])
        running.remove(first)
        made[endpoint.name] += 1
        endpoint.in_flight -= 1
    return made, now


def test_an_endpoint_gets_pictures_in_proportion_to_its_speed() -> None:
    made, _ = simulate(fleet_of([1.0, 2.0, 4.0]), [1.0, 2.0, 4.0], 70)
    assert made == {"e0": 40, "e1": 20, "e2": 10}


def test_a_slow_endpoint_gets_nothing_that_a_fast_one_finishes_sooner() -> None:
    assert simulate(fleet_of([1.0, 60.0]), [1.0, 60.0], 10)[0] == {"e0": 10}


@given(speeds=SPEEDS, pictures=st.integers(1, 60))
def test_no_picture_is_lost_and_no_fleet_is_slower_than_its_fastest(speeds: list[float], pictures: int) -> None:
    made, ready = simulate(fleet_of(speeds), speeds, pictures)
    assert made.total() == pictures
    assert ready <= min(speeds) * pictures * 1.000001


@given(speeds=SPEEDS, pictures=st.integers(1, 60), parallel=st.integers(1, 4))
def test_no_endpoint_is_given_more_than_it_makes_at_once(speeds: list[float], pictures: int, parallel: int) -> None:
    started = fleet_of(speeds, parallel).take(errands(pictures))
    assert started
    assert max(Counter(endpoint.name for _, endpoint in started).values()) <= parallel


def test_unknown_endpoints_are_tried() -> None:
    fleet = Fleet(["known", "new"], 1, threshold=3, cool_down=30)
    fleet.endpoints[0].speed.measure(3)
    assert {endpoint.name for _, endpoint in fleet.take(errands(2))} == {"known", "new"}


def test_a_picture_goes_where_it_has_not_failed() -> None:
    fleet = fleet_of([1.0, 30.0])
    errand = Errand(0, REQUEST, failed_at={"e0"})
    assert [endpoint.name for _, endpoint in assign([errand], fleet.endpoints)] == ["e1"]
    errand.failed_at.add("e1")
    assert [endpoint.name for _, endpoint in assign([errand], fleet.endpoints)] == ["e0"]


def test_an_open_breaker_takes_an_endpoint_out_and_a_probe_is_one_picture() -> None:
    now = [0.0]
    fleet = Fleet(["e0"], 4, threshold=1, cool_down=30, clock=lambda: now[0])
    (_, endpoint), *_ = fleet.take(errands(1))
    fleet.failed(endpoint)
    assert fleet.take(errands(3)) == []
    now[0] = 30
    assert len(fleet.take(errands(3))) == 1
    fleet.succeeded(endpoint, seconds=1)
    assert len(fleet.take(errands(9))) == 4
