"""The dashboard's numbers, against rows made by hand."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from curation.dashboard.figures import (
    FRESH,
    count_decisions,
    count_keeping,
    count_likes,
    count_stock,
    read_figures,
    read_stock,
    roll_up,
    roll_up_all,
)
from curation.dashboard.panels import EngineQueue, keeping_panels, like_panels, read_queues, stock_panel
from curation.models import Decision, Garden
from curation.services.votes import NewDecision, decide
from garden.models import Image
from generation.models import GenerationJob, PromptTemplate, Slot, Worker
from recommend.models import ImageRate
from tests.curation.cast import member
from tests.support.factories import ImageFactory

pytestmark = pytest.mark.django_db


def pictures(number: int, key: str, **described: Any) -> list[Image]:
    return [ImageFactory.create(key=key.format(n), **described) for n in range(number)]


def slot(image: Image | None, job: GenerationJob, index: int, **described: Any) -> Slot:
    asked = {"engine": "painter", "prompt": "lake", "width": 8, "height": 8, "seed": 1, "orientation": "landscape"}
    key = image.key if image else f"imgPool/calm/waiting_{index}h.jpeg"
    return Slot.objects.create(job=job, index=index, key=key, image=image, **{**asked, **described})


def test_it_counts_pictures_and_what_is_missing() -> None:
    pictures(3, "emotions/calm/img_{}v.jpeg")
    pictures(2, "emotions/calm/img_{}h.jpeg")
    pictures(4, "imgPool/calm/img_{}v.jpeg", published_at=None)
    Image.objects.filter(key__in=["imgPool/calm/img_0v.jpeg"]).update(verdict="like")
    Image.objects.filter(key="imgPool/calm/img_1v.jpeg").withdraw()
    pictures(1, "imgPool/img_{}h.jpeg", published_at=None)
    Garden.objects.filter(emotion="calm").update(landscape_target=2)
    stock = {(s.emotion, s.orientation): s for s in read_stock(count_stock())}
    calm = stock["calm", "portrait"]
    assert (calm.target, calm.serving, calm.gap, calm.ready, calm.pool, calm.trash) == (60, 3, 57, 1, 3, 1)
    assert (stock["calm", "landscape"].target, stock["calm", "landscape"].gap) == (2, 0)
    assert len(stock) == 16
    sentences = stock_panel(roll_up("stock")).sentences
    assert "calm portrait: 3 of 60" in sentences
    assert "1 picture of the pool has no emotion." in sentences
    assert not [sentence for sentence in sentences if sentence.startswith("calm landscape")]


def test_it_counts_what_is_kept_by_template_word_model_and_seed() -> None:
    template = PromptTemplate.objects.create(emotion="calm", text="still water")
    job = GenerationJob.objects.create(title="calm")
    made = pictures(10, "imgPool/calm/img_{}h.jpeg", published_at=None, model="m1", prompt="Still lake, a moon")
    for n, image in enumerate(made):
        slot(image, job, n, template=template, seed=n * 2**28)
    ids = [image.pk for image in made]
    Image.objects.filter(pk__in=ids[:4]).update(verdict="like")
    Image.objects.filter(pk__in=ids[4:8]).update(verdict="dislike")
    Image.objects.filter(pk=ids[3]).withdraw()
    Image.objects.filter(pk=ids[8]).update(state="published")
    reported = count_keeping()
    assert (reported["pictures"], reported["kept"]) == (9, 4)
    assert reported["template"] == [[template.pk, 9, 4]]
    assert reported["model"] == [["m1", 9, 4]]
    assert sorted(reported["word"]) == [["lake", 9, 4], ["moon", 9, 4], ["still", 9, 4]]
    assert reported["seed"] == []
    rows = {panel.name: panel.rows for panel in keeping_panels(roll_up("keeping"))}
    assert rows["kept-by-template"] == [[f"calm: {template.text}", 9, 4, "44%"]]


def test_copies_in_the_garden_are_not_counted_beside_their_originals() -> None:
    originals = pictures(5, "imgPool/calm/img_{}h.jpeg", published_at=None, model="m1", state="published")
    for n, original in enumerate(originals):
        ImageFactory.create(key=f"emotions/calm/img_{n}h.jpeg", model="m1", published_from=original, verdict="like")
    assert count_keeping()["model"] == [["m1", 5, 5]]


def test_it_sums_likes_by_emotion_and_picture() -> None:
    calm = pictures(2, "emotions/calm/img_{}h.jpeg")
    (sad,) = pictures(1, "emotions/sad/img_{}h.jpeg")
    for image, group, shown, liked in [
        (calm[0], "adult/Female", 10, 4),
        (calm[0], "adult/Male", 10, 1),
        (calm[1], "adult/Male", 20, 10),
        (sad, "adult/Male", 9, 9),
    ]:
        ImageRate.objects.create(image=image, group=group, shown=shown, liked=liked)
    reported = count_likes()
    assert reported["emotions"] == [["calm", 40, 15], ["sad", 9, 9]]
    assert reported["images"] == [[calm[1].key, 20, 10], [calm[0].key, 20, 5]]
    emotions, best = like_panels(roll_up("likes"))
    assert emotions.rows == [["calm", 40, 15, "38%"], ["sad", 9, 9, "100%"]]
    assert best.rows[0] == [calm[1].key, 20, 10, "50%"]


def test_it_counts_decisions_of_each_curator_by_day_and_hour() -> None:
    images = [image.pk for image in pictures(3, "imgPool/calm/img_{}h.jpeg", published_at=None)]
    kim, lee = member("curator", "kim"), member("curator", "lee")
    for curator, verdicts in ((kim, ["like", "like", "dislike"]), (lee, ["like", "dislike", "dislike"])):
        requests = [NewDecision(uuid.uuid4(), image, verdict) for image, verdict in zip(images, verdicts, strict=True)]
        decide(by=curator, decisions=requests)
    now = timezone.now()
    Decision.objects.filter(curator=lee).update(created_at=now - timedelta(days=3))
    Decision.objects.filter(curator=lee, image=images[0]).update(created_at=now - timedelta(days=99))
    reported = count_decisions()
    assert [[curator, count] for curator, _day, count in reported["days"]] == [["lee", 2], ["kim", 3]]
    assert [[curator, count] for curator, _hour, count in reported["hours"]] == [["kim", 3]]
    ((one, other, both, share, kappa),) = reported["agreement"]
    assert ({one, other}, both, round(share, 2), round(kappa, 2)) == ({"kim", "lee"}, 3, 0.67, 0.4)


def test_it_counts_the_queue_and_its_workers() -> None:
    begun = timezone.now() - timedelta(minutes=5)
    job = GenerationJob.objects.create(title="calm", created_at=begun)
    slot(None, job, 0), slot(None, job, 1)
    slot(None, job, 2, state="done", finished_at=timezone.now())
    slot(None, job, 3, state="done", finished_at=timezone.now() - timedelta(hours=2))
    paused = GenerationJob.objects.create(title="later", control="paused")
    slot(None, paused, 4, state="paused", engine="diffusers")
    Worker.objects.create(name="w1", engines=["painter"])
    Worker.objects.create(name="gone", engines=["painter"], last_seen_at=begun)
    assert read_queues(Worker.objects.online()) == [
        EngineQueue("diffusers", 0, 1, 0, None, 0, 0),
        EngineQueue("painter", 2, 0, 0, begun, 1, 1),
    ]


def test_figures_are_computed_once_and_renewed_by_the_clock() -> None:
    read_figures()
    pictures(1, "emotions/calm/img_{}v.jpeg")
    assert read_figures()["stock"].data["counts"] == {}
    roll_up_all()
    assert read_figures()["stock"].data["counts"] == {}
    with time_machine.travel(timezone.now() + 2 * FRESH):
        roll_up_all()
    assert read_figures()["stock"].data["counts"] == {("serving", "calm", "portrait"): 1}


def test_the_page_shows_every_number_as_a_table_too(django_assert_max_num_queries: Any) -> None:
    pictures(3, "emotions/calm/img_{}v.jpeg")
    client = Client()
    client.force_login(member("viewer"))
    roll_up_all()
    with django_assert_max_num_queries(20):
        page = client.get("/admin/curation/dashboard/")
    text = page.content.decode()
    assert "calm portrait: 3 of 60" in text
    assert text.count("<table>") == len([panel for panel in page.context["panels"] if panel.rows])
    chart = next(panel.chart for panel in page.context["panels"] if panel.name == "stock")
    assert chart.series[0].values[5] == 3
    assert text.count('class="chart-bars"') == len(
        [panel for panel in page.context["panels"] if panel.chart and panel.rows]
    )
    assert "Change targets" not in text


def test_it_can_be_counted_anew() -> None:
    client = Client()
    client.force_login(member("publisher"))
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        roll_up("stock")
    pictures(1, "emotions/calm/img_{}v.jpeg")
    answer = client.post("/admin/curation/dashboard/renew/", follow=True)
    assert "calm portrait: 1 of 60" in answer.content.decode()
    assert "Change targets" in answer.content.decode()


def test_a_publisher_sets_the_targets_of_a_garden(client: Client) -> None:
    page, targets = (
        reverse("admin:curation_garden_change", args=["calm"]),
        {"landscape_target": 7, "portrait_target": 8},
    )
    client.force_login(member("curator"))
    assert client.post(page, targets).status_code == 403
    client.force_login(member("publisher"))
    assert client.post(page, targets).status_code == 302
    calm = Garden.objects.get(pk="calm")
    assert (calm.landscape_target, calm.portrait_target) == (7, 8)
