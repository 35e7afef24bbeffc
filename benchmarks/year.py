"""A year of a network of sites, day by day: visits, photos, likes, pictures, rows, storage, processors, cost.

    python -m benchmarks.year --sites 100

Everything assumed is a line of the first table and an option; prices are examples of a large cloud's list and have no
claim to yours. Figures of the program come from `benchmarks.capacity`. The peer in the same table is the seed's way:
Rekognition for each photo, and each photo kept.
"""

import argparse
import json
import sys
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

import numpy as np

DAYS = 365
GB = 1e9
HOURS_A_MONTH = 730.0


@dataclass(frozen=True)
class Assumed:
    sites: int = 100
    kiosks_a_site: float = 2.0
    visits_a_kiosk_day: float = 120.0
    weekend: float = 1.6  # times a weekday
    closed_mondays: float = 0.7  # share of the sites
    summer: float = 0.25  # more in July than on average, less in January
    with_camera: float = 0.7  # share of the visits
    likes_a_visit: float = 2.2
    slates_a_visit: float = 4.0
    pictures_a_site_week: float = 60.0  # made; published is what is kept of them
    published: float = 0.4
    megabytes_a_picture: float = 0.9  # with its copies for screens
    views_a_visit: float = 14.0  # pictures fetched through the CDN
    kilobytes_a_view: float = 120.0
    visitor_days: int = 30  # retention
    slate_days: int = 30
    record_days: int = 1095
    visitor_bytes: float = 206.0  # benchmarks.capacity
    like_bytes: float = 736.0
    slate_bytes: float = 4248.0
    record_bytes: float = 973.0  # three lines of one photo
    cpu_seconds_a_visit: float = 0.10
    busy: float = 0.3  # share of a processor that is used in the busiest hour
    busiest_hour: float = 0.18  # share of a day's visits
    pictures_a_gpu_hour: float = 240.0
    dollars_cpu_hour: float = 0.045
    dollars_gpu_hour: float = 1.0
    dollars_database_month: float = 180.0
    dollars_database_gb_month: float = 0.115
    dollars_storage_gb_month: float = 0.023
    dollars_cdn_gb: float = 0.085
    dollars_rekognition_photo: float = 0.001
    kilobytes_a_photo: float = 250.0


@dataclass(frozen=True)
class Month:
    name: str
    visits: float
    photos: float
    likes: float
    made: float
    pictures: float  # kept at the month's end
    database_gb: float
    storage_gb: float
    cdn_gb: float
    cpus: float
    gpu_hours: float
    dollars: float
    peer_dollars: float


def visits_by_day(assumed: Assumed, start: date, seed: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Visits of the whole network, drawn around what is expected of each day."""
    dice = np.random.default_rng(seed)
    days = [start + timedelta(days=number) for number in range(DAYS)]
    expected = np.array([expected_visits(assumed, day) for day in days])
    return dice.poisson(expected)


def expected_visits(assumed: Assumed, day: date) -> float:
    season = 1 - assumed.summer * np.cos(2 * np.pi * (day.timetuple().tm_yday - 15) / DAYS)
    week = assumed.weekend if day.weekday() >= 5 else 1 - assumed.closed_mondays * (day.weekday() == 0)
    return float(assumed.sites * assumed.kiosks_a_site * assumed.visits_a_kiosk_day * season * week)


def simulate(assumed: Assumed, start: date = date(2027, 1, 1), seed: int = 1) -> list[Month]:
    visits = visits_by_day(assumed, start, seed)
    days = [start + timedelta(days=number) for number in range(DAYS)]
    months = sorted({(day.year, day.month) for day in days})
    return [_month(assumed, visits, days, month) for month in months]


def _month(
    assumed: Assumed, visits: "np.ndarray[tuple[int], np.dtype[np.int64]]", days: list[date], month: tuple[int, int]
) -> Month:
    inside = [at for at, day in enumerate(days) if (day.year, day.month) == month]
    end, here = inside[-1] + 1, visits[inside[0] : inside[-1] + 1]
    count = float(here.sum())
    made = assumed.sites * assumed.pictures_a_site_week * len(inside) / 7
    pictures = assumed.sites * assumed.pictures_a_site_week * assumed.published * end / 7
    photos = count * assumed.with_camera
    database = rows_bytes(assumed, visits[:end]) / GB
    storage = pictures * assumed.megabytes_a_picture / 1e3
    cdn = count * assumed.views_a_visit * assumed.kilobytes_a_view / 1e6
    cpus = processors(assumed, float(here.max()))
    gpu_hours = made / assumed.pictures_a_gpu_hour
    dollars = (
        cpus * HOURS_A_MONTH * assumed.dollars_cpu_hour
        + gpu_hours * assumed.dollars_gpu_hour
        + assumed.dollars_database_month
        + database * assumed.dollars_database_gb_month
        + storage * assumed.dollars_storage_gb_month
        + cdn * assumed.dollars_cdn_gb
    )
    kept = visits[:end].sum() * assumed.with_camera * assumed.kilobytes_a_photo / 1e6
    peer = dollars + photos * assumed.dollars_rekognition_photo + kept * assumed.dollars_storage_gb_month
    name = f"{month[0]}-{month[1]:02}"
    likes = count * assumed.likes_a_visit
    return Month(name, count, photos, likes, made, pictures, database, storage, cdn, cpus, gpu_hours, dollars, peer)


def rows_bytes(assumed: Assumed, visits: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> float:
    """What is held after the last of these days: likes stay, the rest is forgotten in its time."""
    likes = visits.sum() * assumed.likes_a_visit * assumed.like_bytes
    visitors = visits[-assumed.visitor_days :].sum() * assumed.visitor_bytes
    slates = visits[-assumed.slate_days :].sum() * assumed.slates_a_visit * assumed.slate_bytes
    record = visits[-assumed.record_days :].sum() * assumed.with_camera * assumed.record_bytes
    return float(likes + visitors + slates + record)


def processors(assumed: Assumed, busiest_day: float) -> float:
    """Whole processors for the busiest hour of the busiest day, none of them busier than assumed; two at least."""
    seconds = busiest_day * assumed.busiest_hour * assumed.cpu_seconds_a_visit
    return float(max(2, np.ceil(seconds / 3600 / assumed.busy)))


COLUMNS = ("month", "visits", "photos", "likes", "made", "pictures", "db_GB", "files_GB", "CDN_GB", "CPUs", "GPU_h")
COLUMNS_OF_MONEY = ("cost_$", "seed's_$")


def print_year(assumed: Assumed, months: list[Month]) -> None:
    for name, value in asdict(assumed).items():
        print(f"{name:28}{value:>12,}")
    print("\n" + "".join(f"{column:>13}" for column in (*COLUMNS, *COLUMNS_OF_MONEY)))
    for month in months:
        name, *numbers = asdict(month).values()
        print(f"{name:>13}" + "".join(f"{number:>13,.{1 if number < 100 else 0}f}" for number in numbers))
    sums = [
        sum(getattr(month, name) for month in months) for name in ("visits", "photos", "likes", "made", "gpu_hours")
    ]
    cost, peer = (sum(getattr(month, name) for month in months) for name in ("dollars", "peer_dollars"))
    print(f"\nyear: {sums[0]:,.0f} visits, {sums[1]:,.0f} photos, {sums[2]:,.0f} likes, {sums[3]:,.0f} pictures made")
    print(f"${cost:,.0f}, ${cost / sums[0] * 1000:.2f} per 1,000 visits; the seed's ${peer:,.0f} ({peer / cost:.1f} ×)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in fields(Assumed):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = vars(parser.parse_args())
    seed, as_json = options.pop("seed"), options.pop("json")
    months = simulate(Assumed(**options), seed=seed)
    if as_json:
        json.dump({"assumed": options, "months": [asdict(month) for month in months]}, sys.stdout)
    else:
        print_year(Assumed(**options), months)


if __name__ == "__main__":
    main()
