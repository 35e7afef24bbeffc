"""The start page and the bar: what each member of staff finds there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from garden.models import Alarm, Image, Zone
from garden.walls.rotation import keep_walls
from recommend.models import DailyTally
from tests.curation.cast import member, pool
from tests.garden.walls.walls import landscapes
from tests.generation.jobs import ask_for

pytestmark = pytest.mark.django_db


def home(client: Client, role: str) -> Any:
    client.force_login(member(role, role))
    page = client.get("/admin/")
    assert page.status_code == 200
    return page


def test_it_counts_what_waits_and_links_to_it(client: Client) -> None:
    images = pool(3)
    Image.objects.filter(pk=images[0].pk).update(verdict="disputed")
    waiting = home(client, "curator").context["home"]["waiting"]
    assert [(each["count"], each["more"]) for each in waiting] == [(2, False), (1, False), (0, False), (0, False)]
    for each in waiting:
        assert client.get(each["url"]).status_code == 200


def test_it_shows_jobs_that_run_and_none_that_have_ended(client: Client) -> None:
    job = ask_for(4)
    (running,) = home(client, "curator").context["home"]["running"]
    assert (running["title"], running["all"], running["done"]) == (job.title, 4, 0)
    job.slots.update(state="done")
    assert home(client, "publisher").context["home"]["running"] == []


def test_it_shows_what_hangs_on_each_wall(client: Client) -> None:
    Zone.objects.create(name="zone1")
    hung = landscapes(2)
    keep_walls()
    page = home(client, "viewer").content.decode()
    assert all(image.key in page for image in hung)


def test_it_shows_open_alarms_alone(client: Client) -> None:
    Alarm.objects.create(kind="files_missing", detail="3 of 10")
    Alarm.objects.create(kind="files_missing", detail="long ago", cleared_at=timezone.now())
    page = home(client, "operator").content.decode()
    assert "3 of 10" in page
    assert "long ago" not in page


def test_it_adds_up_the_likes_of_seven_days(client: Client) -> None:
    today = timezone.localdate()
    for ago, liked in ((0, 5), (6, 2), (7, 100)):
        DailyTally.objects.create(day=today - timedelta(days=ago), places=[["champion", 0, 200, liked]])
    likes = home(client, "viewer").context["home"]["likes"]
    assert likes["total"] == 7
    assert [bar["likes"] for bar in likes["bars"]] == [2, 0, 0, 0, 0, 0, 5]
    assert likes["bars"][-1]["height"] == 100


def test_it_asks_as_little_of_many_jobs_walls_and_alarms_as_of_one(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        ask_for(2, name=f"job{number}")
        Zone.objects.create(name=f"more{number}")
    pool(5), landscapes(9)
    keep_walls()
    client.force_login(member("operator", "oona"))
    with django_assert_max_num_queries(60):
        client.get("/admin/")


def bar(client: Client, path: str = "/admin/") -> dict[str, list[str]]:
    """The labels of areas and of pages in the bar of a page."""
    context = client.get(path).context
    return {name: [str(each["label"]) for each in context[name]] for name in ("areas", "pages")}


def test_the_bar_has_the_areas_of_a_role_and_the_pages_of_the_open_one(client: Client) -> None:
    client.force_login(member("operator", "oona"))
    assert bar(client) == {"areas": ["Home", "Make", "Review", "Show", "Operate", "Data"], "pages": []}
    opened = bar(client, "/admin/curation/releases/")
    assert opened["pages"] == ["Walls", "Releases", "Playlists"]
    assert 'href="/admin/curation/fleet/"' in client.get("/admin/curation/releases/").content.decode()


def test_who_may_see_nothing_finds_home_and_data_alone(client: Client, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert bar(client) == {"areas": ["Home", "Data"], "pages": []}
    assert client.get("/admin/").context["home"] == {}
