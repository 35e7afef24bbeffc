"""Batches over REST: idempotent, refused by field, shown to those with the permission."""

import json
import uuid
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from garden.models import Image
from generation.models import RetouchBatch, Slot, Version
from generation.queue.worker import work
from generation.retouch.pixels import encode_png
from tests.generation.retouch.batch.samples import garden, with_a_face
from tests.generation.retouch.samples import made

pytestmark = pytest.mark.django_db
BATCHES = "/curation/retouch/batches"


def send(client: Client, path: str, **given: Any) -> Any:
    return client.post(f"{BATCHES}{path}", json.dumps(given), content_type="application/json")


def asked(client: Client, **given: Any) -> dict[str, Any]:
    answer = send(client, "", **{"recipe": {}, "filter": {"state": "pool"}, **given})
    assert answer.status_code == 201, answer.content
    reported: dict[str, Any] = answer.json()
    return reported


def test_a_batch_of_a_filter_is_previewed_run_and_read(client: Client) -> None:
    images = garden(6)
    batch = asked(client, without=[images[0].pk])
    assert (batch["counts"]["all"], batch["counts"]["waiting"], batch["job"]) == (5, 5, None)
    previewed = send(client, f"/{batch['id']}/preview").json()
    assert previewed["counts"]["queued"] == 3
    assert [item["number"] for item in previewed["preview"]] == [1, 3, 5]
    work(engines=["quick"])
    run = send(client, f"/{batch['id']}/run").json()
    assert (run["counts"]["done"], run["counts"]["queued"]) == (3, 2)
    work(engines=["quick"])
    page = client.get(f"{BATCHES}/{batch['id']}/items?state=done&start=1&limit=2").json()
    assert (page["total"], [item["number"] for item in page["items"]]) == (5, [2, 3])
    assert [item["name"] for item in page["items"]] == [images[4].key, images[3].key]
    for which in ("before", "after"):
        picture = client.get(page["items"][0][which])
        assert (picture.status_code, picture["Content-Type"]) == (200, "image/webp")
    report = client.get(f"{BATCHES}/{batch['id']}/report").json()
    assert [row["state"] for row in report["pictures"]] == ["done"] * 5
    table = client.get(f"{BATCHES}/{batch['id']}/report.csv")
    assert table["Content-Type"].startswith("text/csv")
    assert len(table.content.splitlines()) == 6


def test_the_same_id_is_the_same_batch_and_another_recipe_under_it_is_refused(client: Client) -> None:
    garden(2)
    given = {"id": str(uuid.uuid4()), "recipe": {}, "filter": {"state": "pool"}}
    assert [send(client, "", **given).status_code for _ in range(2)] == [201, 200]
    assert send(client, "", **{**given, "recipe": {"fill": True}}).status_code == 409
    for _ in range(2):
        send(client, f"/{given['id']}/preview")
        send(client, f"/{given['id']}/run")
    assert (RetouchBatch.objects.count(), Slot.objects.count()) == (1, 2)


def test_a_batch_is_paused_resumed_and_cancelled_as_a_job_is(client: Client) -> None:
    garden(4)
    batch = asked(client)
    assert send(client, f"/{batch['id']}/pause").status_code == 409
    send(client, f"/{batch['id']}/run")
    reported = {verb: send(client, f"/{batch['id']}/{verb}").json()["counts"] for verb in ("pause", "resume", "cancel")}
    assert (reported["pause"]["paused"], reported["resume"]["queued"], reported["cancel"]["cancelled"]) == (4, 4, 4)


def test_a_mask_comes_as_a_file_or_from_a_version(client: Client) -> None:
    images = garden(2)
    mask = SimpleUploadedFile("mask.png", encode_png(np.full((120, 160), 255, np.uint8)))
    given = {"recipe": json.dumps({"region": "mask"}), "images": json.dumps([image.pk for image in images])}
    answer = client.post(BATCHES, {**given, "mask": mask})
    assert answer.status_code == 201, answer.content
    version = made()
    other = asked(client, recipe={"region": "mask", "part": "region", "margin": 0}, mask_of=str(version.pk))
    send(client, f"/{other['id']}/run")
    work(engines=["quick"])
    crops = {again.crop for again in Version.objects.filter(batch_items__batch=other["id"])}
    assert crops == {made_crop for made_crop in crops if (made_crop.x, made_crop.y) != (0, 0)}
    assert len(crops) == 1


def test_what_is_refused_names_its_field(client: Client) -> None:
    [image] = garden(1)
    for given, status, field in (
        ({"recipe": {"region": "body"}, "images": [image.pk]}, 400, "region"),
        ({"recipe": {"settings": {"strength": 3}}, "images": [image.pk]}, 400, "settings.strength"),
        ({"recipe": {}, "images": [image.pk + 99]}, 400, "images"),
        ({"recipe": {}, "filter": {"colour": "red"}}, 400, "filter"),
        ({"recipe": {"region": "mask"}, "images": [image.pk]}, 400, "mask"),
        ({"recipe": {"settings": {"sampler": "ddim"}}, "images": [image.pk]}, 400, "sampler"),
    ):
        answer = send(client, "", **given)
        assert (answer.status_code, field in answer.content.decode()) == (status, True), answer.content
    some = {"images": [image.pk]}
    broken: list[dict[str, Any]] = [{"recipe": {}}, {"recipe": {}, "images": ["1"]}, {"recipe": "{", **some}, some]
    for one in broken:
        assert send(client, "", **one).status_code == 400
    assert not RetouchBatch.objects.exists()


def test_the_clients_script_is_converted_to_a_recipe(client: Client) -> None:
    script = {"range": "0...Infinity", "bodyRegion": "face", "maskExpand": 1, "maskShrink": 0, "fillAll": False}
    recipe = send(client, "/recipe", recipe=script).json()
    assert (recipe["region"], recipe["part"], recipe["expand"]) == ("face", "region", 10)
    assert send(client, "/recipe", recipe={**script, "fillAll": "no"}).json()["field"] == "fillAll"


def test_candidates_are_what_the_filter_shows_in_parts(client: Client) -> None:
    images = garden(5)
    reported = client.get(f"{BATCHES}/candidates?state=pool&emotion=calm&start=1&limit=2").json()
    assert (reported["total"], [image["id"] for image in reported["images"]]) == (5, [images[3].pk, images[2].pk])
    chosen = client.get(f"{BATCHES}/candidates?ids={images[0].pk},{images[4].pk}").json()
    assert {image["id"] for image in chosen["images"]} == {images[0].pk, images[4].pk}


def test_only_those_who_may_retouch_ask_and_only_those_who_may_see_look(client: Client) -> None:
    with_a_face()
    batch = asked(client)
    stranger, guest = Client(), Client()
    guest.force_login(User.objects.create_user("guy", is_staff=True))
    for browser in (stranger, guest):
        for path in ("", f"/{batch['id']}/preview", f"/{batch['id']}/run", f"/{batch['id']}/cancel"):
            assert send(browser, path, recipe={}, filter={}).status_code in (401, 403)
        for path in (f"/{batch['id']}", f"/{batch['id']}/items", f"/{batch['id']}/report.csv", "/candidates"):
            assert browser.get(f"{BATCHES}{path}").status_code in (401, 403)


def test_the_page_opens_for_a_choice_a_version_an_earlier_batch_and_a_batch(client: Client) -> None:
    images, version = garden(3), made()
    batch = asked(client)
    page = "/admin/curation/retouch-batch/"
    for query in ("", f"?images={images[0].pk},{images[1].pk}", f"?version={version.pk}", f"?from={batch['id']}"):
        assert client.get(page + query).status_code == 200
    assert client.get(f"{page}{batch['id']}/").status_code == 200
    assert client.get(f"{page}{batch['id']}/?state=failed").status_code == 200
    assert client.get(f"{page}{batch['id']}/?state=lost").status_code == 404
    assert client.get(f"{page}{uuid.uuid4()}/").status_code == 404
    assert client.post(f"{page}{batch['id']}/burn/").status_code == 404
    assert client.get(f"{page}?emotion=bored").status_code == 400


def test_pictures_of_the_trash_are_refused_and_named(client: Client) -> None:
    images = garden(4)
    Image.objects.filter(pk__in=[images[1].pk, images[2].pk]).withdraw()
    refused = send(client, "", recipe={}, images=[image.pk for image in images])
    assert (refused.status_code, refused.json()["field"]) == (400, "images")
    assert set(refused.json()["unusable"]) == {images[1].pk, images[2].pk}
    assert "trash" in refused.json()["detail"]
    assert not RetouchBatch.objects.exists()
    whole = send(client, "", recipe={}, filter={"state": "trash"})
    assert (whole.status_code, whole.json()["field"]) == (400, "filter")


def test_what_was_marked_and_removed_since_is_left_out_of_the_choice(client: Client) -> None:
    images = garden(3)
    Image.objects.filter(pk=images[1].pk).withdraw()
    ids = ",".join(str(image.pk) for image in images)
    shown = client.get(f"{BATCHES}/candidates?ids={ids}").json()
    assert shown["total"] == 2
    assert {image["id"] for image in shown["images"]} == {images[0].pk, images[2].pk}
    page = client.get(f"/admin/curation/retouch-batch/?images={ids}")
    assert page.context["config"]["images"] == [images[0].pk, images[2].pk]


def test_a_batch_stays_when_a_picture_of_it_goes_to_the_trash(client: Client) -> None:
    images = garden(2)
    given = {"id": str(uuid.uuid4()), "recipe": {}, "images": [image.pk for image in images]}
    assert send(client, "", **given).status_code == 201
    Image.objects.filter(pk=images[0].pk).withdraw()
    assert send(client, "", **given).json()["counts"]["all"] == 2
