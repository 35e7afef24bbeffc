"""What staff see of how well the garden chooses: the dashboard, and rows that they may read and not change."""

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from garden.models import Image
from recommend.dashboard import CACHE_SECONDS, count_pictures, gather, read_pictures
from recommend.evaluation.log import tally_day, tally_days
from recommend.models import Arm, DailyTally, ImageRate, Interaction, Slate
from recommend.services.gardens import GardenRequest, recommend_garden
from recommend.tasks import tally_slates
from tests.recommend.cast import interact, plant
from tests.recommend.evaluation.world import visit
from tests.support.factories import VisitorFactory

pytestmark = pytest.mark.django_db
PAGE = "admin:recommend_dailytally_changelist"


@pytest.fixture
def best(settings: Any) -> list[str]:
    settings.RECOMMENDER = {"BACKEND": "tests.recommend.evaluation.world.LastFirstRecommender", "OPTIONS": {}}
    return sorted(image.key for image in plant(6))[3:]


@pytest.fixture
def visited(best: list[str], settings: Any) -> None:
    """Sixteen visitors in the champion's order, eight by chance; elders and adults."""
    for number in range(24):
        settings.RECOMMENDER_HOLDOUT = float(number >= 16)
        name = f"visitor-{number}"
        VisitorFactory(id=name, generation="elder" if number % 2 else "adult", gender="Male")
        visit(name, best)


@pytest.fixture
def curator(client: Client) -> Client:
    user = get_user_model().objects.create_user("curator", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_dailytally"))
    client.force_login(user)
    return client


def slates_of(tallies: Iterable[DailyTally]) -> int:
    return sum(row[3] for tally in tallies for row in tally.slates)


def test_sums_are_those_of_the_slates_however_often_they_are_made(visited: None) -> None:
    for _ in range(3):
        tally_days()
    assert slates_of(DailyTally.objects.all()) == 24
    places = [row for tally in DailyTally.objects.all() for row in tally.places]
    assert sorted(row[1:3] for row in places if row[0] == Arm.CHAMPION) == [[0, 16], [1, 16], [2, 16]]
    liked = {slate.pk for slate in Slate.objects.filter(interactions__kind="like")}
    assert sum(row[-1] for tally in DailyTally.objects.all() for row in tally.slates) == len(liked)


def test_days_that_were_missed_are_made_up_for_and_old_ones_left_alone(visited: None) -> None:
    today = timezone.localdate()
    old = [slate.pk for slate in Slate.objects.all()[:10]]
    Slate.objects.filter(pk__in=old).update(created_at=timezone.now() - timedelta(days=3))
    assert len(tally_days()) == 4
    assert slates_of(DailyTally.objects.filter(day=today - timedelta(days=3))) == 10
    Slate.objects.filter(pk__in=old).delete()
    assert today - timedelta(days=3) not in tally_days()
    assert slates_of(DailyTally.objects.all()) == 24


def test_figures_show_each_arm_and_its_lift_over_chance(visited: None) -> None:
    tally_slates()
    dashboard = gather(30)
    champion, holdout = dashboard.arms
    assert (champion.rate.tries, holdout.rate.tries) == (16, 8)
    assert holdout.lift is None
    assert champion.lift is not None
    assert champion.lift.value == pytest.approx((champion.rate.hits / 16) / (holdout.rate.hits / 8) - 1)
    charts = {chart.id: chart for chart in dashboard.charts}
    assert list(charts) == ["emotion", "generation", "gender", "curve", "places"]
    calm = list(charts["emotion"].labels).index("calm")
    assert charts["emotion"].series[0].rates[calm].tries == 16
    elders = [rate.tries for label, series, rate in charts["generation"].rows if label == "elder"]
    assert elders == [8, 4]
    assert len(charts["places"].labels) == 3
    assert charts["curve"].labels == [timezone.localdate().isoformat()]


def test_coverage_counts_pictures_and_new_ones() -> None:
    a, _, old = plant(3)
    Image.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=30))
    interact("ann", a, a, old)
    (row,) = count_pictures().coverage
    assert (row.emotion, row.pictures, row.shown, row.fresh, row.fresh_shown) == ("calm", 3, 2, 2, 1)


def test_the_most_and_least_liked_were_seen_often_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recommend.dashboard.LEAST_VIEWS", 5)
    loved, loathed, lucky = plant(3)
    for number in range(8):
        interact(f"visitor-{number}", loved, loved, loathed)
    interact("someone", lucky, lucky)
    dashboard = gather(30)
    assert [picture.image for picture in dashboard.most] == [loved, loathed]
    least = [(picture.image, picture.liked, picture.shown) for picture in dashboard.least]
    assert least == [(loathed, 0, 8), (loved, 8, 8)]
    loathed.delete()
    assert [picture.image for picture in gather(30).most] == [loved]


def test_pictures_are_counted_again_after_a_while() -> None:
    assert read_pictures().coverage == []
    plant(1)
    assert read_pictures().coverage == []
    with time_machine.travel(timezone.now() + timedelta(seconds=CACHE_SECONDS + 1)):
        assert [row.pictures for row in read_pictures().coverage] == [1]


def test_the_page_draws_charts_and_has_their_tables(visited: None, curator: Client) -> None:
    tally_slates()
    answer = curator.get(reverse(PAGE), {"days": 7})
    page = answer.content.decode()
    assert answer.status_code == 200
    for name in ("emotion", "generation", "gender", "curve", "places"):
        assert re.search(rf'<div class="chart-(bars|lines)" id="{name}" role="img" aria-label="', page)
        assert f'<table id="{name}-table">' in page
    chart = answer.context["dashboard"].charts[0].drawn
    assert list(chart.series[0].values).count(None) == 7
    assert 'aria-current="page"' in page
    assert "onclick" not in page
    assert "style=" not in page.partition('<div id="content"')[2].partition("<footer")[0]


@pytest.mark.parametrize("days", ["", "3", "99999999999"])
def test_an_empty_garden_and_an_odd_span_are_a_page_too(curator: Client, days: str) -> None:
    page = curator.get(reverse(PAGE), {"days": days}).content.decode()
    assert "Nothing was shown in this period." in page


def test_only_who_may_see_it_sees_it(client: Client) -> None:
    assert client.get(reverse(PAGE)).status_code == 302
    client.force_login(get_user_model().objects.create_user("helper", is_staff=True))
    assert client.get(reverse(PAGE)).status_code == 403


def test_the_page_needs_the_same_few_queries_for_any_number_of_likes(
    visited: None, curator: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(5):
        Slate.objects.update(created_at=timezone.now() - timedelta(days=day))
        tally_day(timezone.localdate() - timedelta(days=day))
    with django_assert_max_num_queries(17):
        assert curator.get(reverse(PAGE)).status_code == 200


@pytest.mark.parametrize("model", [Interaction, Slate, ImageRate])
def test_a_row_can_be_opened_and_not_changed(admin_client: Client, model: type) -> None:
    (image,) = plant(1)
    recommend_garden(request=GardenRequest(visitor_id="ann", emotion="calm"))
    interact("ann", image)
    at = f"/admin/recommend/{model.__name__.lower()}"
    row = model.objects.get().pk  # type: ignore[attr-defined]
    assert admin_client.get(f"{at}/{row}/change/").status_code == 200
    assert admin_client.post(f"{at}/{row}/change/", {}).status_code == 403
    assert admin_client.post(f"{at}/{row}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{at}/add/").status_code == 403


def test_it_compares_grown_pictures_with_curated_ones(curator: Client) -> None:
    curated, grown = plant(2)[:2]
    Image.objects.filter(pk=grown.pk).update(grown_at=timezone.now())
    ImageRate.objects.create(image=curated, group="adult/Male", shown=10, liked=2)
    assert "Pictures grown for visitors" not in curator.get(reverse(PAGE)).content.decode()
    ImageRate.objects.create(image=grown, group="adult/Male", shown=4, liked=3)
    cache.clear()
    page = curator.get(reverse(PAGE)).content.decode()
    table = re.sub(r"\s+", " ", page[page.index("Pictures grown for visitors") :])
    assert "<td>4</td> <td>75.0%</td>" in table
    assert "<td>10</td> <td>20.0%</td>" in table


def test_it_says_why_a_picture_is_liked(monkeypatch: pytest.MonkeyPatch, curator: Client) -> None:
    monkeypatch.setattr("recommend.dashboard.LEAST_VIEWS", 5)
    loved, loathed = plant(2)
    Image.objects.filter(pk=loathed.pk).update(favorite="dog")
    Image.objects.filter(pk=loved.pk).update(favorite="cat")
    ImageRate.objects.create(image=loved, group="adult/Female", shown=10, liked=8)
    ImageRate.objects.create(image=loved, group="elder/Male", shown=10, liked=1)
    ImageRate.objects.create(image=loathed, group="adult/Female", shown=20, liked=0)
    assert gather(30).why[loved.pk] == [
        "It shows calm · cat: visitors like such pictures in 45% of 20 views, other pictures of this mood in 0%.",
        "It was liked in 9 of 20 views, most often by this group: adult, female. "
        "The true share is between 26% and 66% (95 %).",
    ]
    assert gather(30).why[loathed.pk][1] == (
        "It was liked in 0 of 20 views. The true share is between 0% and 16% (95 %)."
    )
    assert "most often by this group: adult, female" in curator.get(reverse(PAGE)).content.decode()


def test_it_says_how_likes_changed_and_how_many_slates_were_random(curator: Client) -> None:
    today = timezone.localdate()
    rows = {0: (("champion", 180, 90), ("holdout", 20, 5)), 8: (("champion", 200, 70),)}
    for age, arms in rows.items():
        slates = [[arm, "calm", "adult/Male", count, liked] for arm, count, liked in arms]
        DailyTally.objects.create(day=today - timedelta(days=age), slates=slates)
    said = gather(7).change
    assert said.startswith("Visitors liked something in 48% of the slates: +12.5 points against the 7 days before ")
    assert said.endswith("(95 %: +2.9 to +21.8). 10% of the slates were random.")
    DailyTally.objects.filter(day__lt=today).delete()
    assert gather(7).change == "Visitors liked something in 48% of the slates. 10% of the slates were random."
    assert "10% of the slates were random" in curator.get(reverse(PAGE), {"days": 7}).content.decode()
