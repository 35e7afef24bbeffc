"""The studio's routes, as its page uses them."""

import io
import json
import uuid
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image as Pillow

from garden.models import Image
from generation.models import Canvas, TagWord, Version
from generation.queue.worker import work
from generation.retouch.versions import compose, open_image, read_file
from tests.curation.cast import member
from tests.generation.retouch.samples import CROP, noisy, picture, spot

pytestmark = pytest.mark.django_db
HOME = "/curation/retouch"


def post(client: Client, route: str, **asked: Any) -> Any:
    return client.post(f"{HOME}/{route}", json.dumps(asked), content_type="application/json")


def opened(client: Client, image: Image | None = None) -> dict[str, Any]:
    answer = post(client, "canvases", image=(image or picture()).pk)
    assert answer.status_code in (200, 201)
    described: dict[str, Any] = answer.json()
    return described


def send(client: Client, canvas: dict[str, Any], files: dict[str, bytes] | None = None, **edit: Any) -> Any:
    asked = {"canvas": canvas["id"], "crop": CROP.as_json(), "settings": {"seed": 3, "feather": 8}, **edit}
    drawn = {"mask": spot()} if files is None else files
    parts = {name: SimpleUploadedFile(f"{name}.png", content, "image/png") for name, content in drawn.items()}
    return client.post(f"{HOME}/versions", {"edit": json.dumps(asked), **parts})


def made(client: Client, canvas: dict[str, Any], **edit: Any) -> dict[str, Any]:
    answer = send(client, canvas, **edit)
    assert answer.status_code == 201, answer.content
    work(engines=["quick"])
    described: dict[str, Any] = client.get(f"{HOME}/versions/{answer.json()['id']}").json()
    return described


def pixels(answer: Any) -> np.ndarray:
    with Pillow.open(io.BytesIO(answer.content)) as shown:
        return np.asarray(shown)


def test_it_opens_an_image_once_and_shows_it_as_it_is(client: Client) -> None:
    image = picture()
    first = post(client, "canvases", image=image.pk)
    again = post(client, "canvases", image=image.pk)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert {name: first.json()[name] for name in ("image", "key", "width", "height", "head", "versions")} == {
        "image": image.pk,
        "key": image.key,
        "width": 160,
        "height": 120,
        "head": None,
        "versions": [],
    }
    shown = client.get(first.json()["picture"])
    assert (shown.content, shown["Content-Type"]) == (read_file(image.key), "image/jpeg")


def test_it_takes_an_upload_once(client: Client) -> None:
    def upload() -> Any:
        file = SimpleUploadedFile("mine.png", content, "image/png")
        return client.post(f"{HOME}/canvases", {"file": file, "id": name})

    stream, name = io.BytesIO(), str(uuid.uuid4())
    Pillow.fromarray(noisy()).save(stream, "PNG")
    content = stream.getvalue()
    assert [upload().status_code, upload().status_code] == [201, 200]
    assert upload().json()["title"] == "mine.png"


def test_it_makes_a_version_and_reports_its_progress(client: Client) -> None:
    canvas = opened(client)
    answer = send(client, canvas)
    assert answer.status_code == 201
    waiting = answer.json()
    assert (waiting["state"], waiting["picture"], waiting["progress"]) == ("queued", None, 0)
    work(engines=["quick"])
    done = client.get(f"{HOME}/versions/{waiting['id']}").json()
    assert (done["state"], done["engine"], done["model"], done["by"]) == ("done", "quick", "quick-1", "pia")
    whole = pixels(client.get(done["picture"]))
    assert max(pixels(client.get(done["picture"], {"type": "webp", "side": "64"})).shape) == 64
    assert client.get(done["picture"], {"side": "large"}).status_code == 400
    assert (whole == compose(Version.objects.get(pk=done["id"]))).all()
    for name, url in done["layers"].items():
        assert pixels(client.get(url)).shape[:2] == (CROP.height, CROP.width), name
    tree = client.get(f"{HOME}/canvases/{canvas['id']}").json()
    assert (tree["head"], [version["id"] for version in tree["versions"]]) == (done["id"], [done["id"]])


def test_it_answers_a_repeated_request_with_the_same_version(client: Client) -> None:
    canvas, name = opened(client), str(uuid.uuid4())
    assert [send(client, canvas, id=name).status_code for _ in range(2)] == [201, 200]
    assert Version.objects.count() == 1


def test_any_version_can_be_made_the_current_one(client: Client) -> None:
    canvas = opened(client)
    done = made(client, canvas)
    heads = [post(client, f"canvases/{canvas['id']}/head", version=one).json()["head"] for one in (None, done["id"])]
    assert heads == [None, done["id"]]
    elsewhere = opened(client, picture("bb"))
    assert post(client, f"canvases/{elsewhere['id']}/head", version=done["id"]).status_code == 404


def test_it_changes_the_opacity_from_the_kept_layers(client: Client) -> None:
    canvas = opened(client)
    done = made(client, canvas)
    before, after = pixels(client.get(canvas["picture"])).astype(int), pixels(client.get(done["picture"])).astype(int)
    half = post(client, f"versions/{done['id']}/opacity", opacity=0.5)
    assert half.status_code == 201
    between = pixels(client.get(half.json()["picture"])).astype(int)
    assert np.abs(between - (before + after) / 2).max() <= 1.5
    none = post(client, f"versions/{done['id']}/opacity", opacity=0).json()
    assert (pixels(client.get(none["picture"])) == before).all()
    assert post(client, f"versions/{done['id']}/opacity", opacity=1.5).status_code == 400


def test_it_names_the_words_of_the_prompt_that_are_not_drawn(client: Client) -> None:
    canvas = opened(client)
    settings = {"prompt": ["a fluffy dog", "snow"], "strength": 0.6}
    painted, other = (made(client, canvas, settings={**settings, "engine": engine}) for engine in ("painter", "quick"))
    assert (painted["ignored_words"], other["ignored_words"]) == (["fluffy"], [])


def test_it_names_the_words_that_would_not_be_drawn(client: Client) -> None:
    asked: dict[str, Any] = {"engine": "painter", "prompt": "calm, zebra, cat", "strength": 1}
    assert client.get(f"{HOME}/words/ignored", asked).json() == {"words": ["zebra"]}
    assert client.get(f"{HOME}/words/ignored", {**asked, "strength": 0.3}).json() == {"words": ["zebra", "cat"]}
    assert client.get(f"{HOME}/words/ignored", {**asked, "engine": "oil"}).status_code in (400, 422)


def test_it_compares_any_two(client: Client) -> None:
    canvas = opened(client)
    first, second = made(client, canvas), made(client, canvas, settings={"seed": 4, "strength": 0.5})
    url = f"{HOME}/canvases/{canvas['id']}/compare"
    found = client.get(url, {"first": "original", "second": first["id"]}).json()
    assert 0 < found["changed"] < 0.5
    box = found["box"]
    assert CROP.x <= box["x"]
    assert box["x"] + box["width"] <= CROP.x + CROP.width
    between = client.get(url, {"first": first["id"], "second": second["id"]}).json()
    assert between["settings"]["strength"] == [0.75, 0.5]
    same = client.get(url, {"first": first["id"], "second": first["id"]}).json()
    assert (same["box"], same["changed"], same["settings"]) == (None, 0, {})


def test_it_draws_an_outline_of_the_crop(client: Client) -> None:
    canvas = opened(client)
    place: dict[str, Any] = {**CROP.as_json(), "simplicity": 0.2}
    answer = client.get(f"{HOME}/canvases/{canvas['id']}/outline", place)
    assert pixels(answer).shape == (CROP.height, CROP.width)
    too_small = client.get(f"{HOME}/canvases/{canvas['id']}/outline", {"x": 0, "y": 0, "width": 10, "height": 64})
    assert (too_small.status_code, too_small.json()["code"]) == (400, "bad_crop")


def test_it_reads_tags_from_the_record_and_names_the_source(client: Client) -> None:
    canvas = opened(client, picture(prompt="calm, cat, a marble bench"))
    reading = post(client, f"canvases/{canvas['id']}/tags", version=None, crop=CROP.as_json()).json()
    assert (reading["state"], reading["tagger"]) == ("done", "record")
    assert "no model" in reading["note"]
    scores = {tag["text"]: tag["score"] for tag in reading["tags"]}
    assert scores["calm"] > scores["cat"] > scores["a marble bench"] > 0
    assert client.get(f"{HOME}/readings/{reading['id']}").json() == reading


def test_it_completes_words_and_keeps_presets(client: Client) -> None:
    TagWord.objects.filter(text="camellia").update(active=False)
    words = client.get(f"{HOME}/words", {"q": "ca"}).json()["words"]
    assert [word["text"] for word in words] == ["calm", "cat"]
    asked = {"name": "soft", "settings": {"strength": 0.3, "prompt": ["fog"]}}
    assert [post(client, "presets", **asked).status_code for _ in range(2)] == [201, 200]
    [preset] = client.get(f"{HOME}/presets").json()["presets"]
    assert preset["settings"] == {"strength": 0.3, "prompt": [{"text": "fog", "on": True, "weight": 1.0}]}
    assert post(client, "presets", name="bad", settings={"strength": 3}).json()["field"] == "strength"
    assert post(client, f"presets/{preset['id']}/delete").status_code == 204


def test_it_offers_the_engines_that_can_repaint(client: Client) -> None:
    offered = client.get(f"{HOME}/options").json()
    engines = {engine["name"]: engine for engine in offered["engines"]}
    assert engines["quick"]["default"] is True
    assert "samplers" not in engines["quick"]["abilities"]
    assert engines["painter"]["abilities"] == ["line_art", "reference"]
    assert engines["quick"]["words"] == []
    assert {"calm", "cat", "spring"} <= set(engines["painter"]["words"])
    assert offered["samplers"] == ["dpm++2m-karras", "ddim", "euler-a", "unipc"]


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"strength": 1.2}, "strength"),
        ({"strength": True}, "strength"),
        ({"sampler": "plms"}, "sampler"),
        ({"prompt": [{"text": "cat", "weight": 3.1}]}, "prompt"),
        ({"negative": "no list"}, "negative"),
        ({"line_start": 0.8, "line_end": 0.2}, "line_end"),
        ({"moon": 1}, "moon"),
        ({"seed": 10**400}, "seed"),
        ({"negative": ["\ud800"]}, "negative"),
        ({"model": "a\0b"}, "model"),
    ],
)
def test_it_names_the_setting_and_its_rule(client: Client, chosen: dict[str, Any], field: str) -> None:
    answer = send(client, opened(client), settings=chosen)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "bad_setting", field)
    assert answer.json()["rule"]


@pytest.mark.parametrize("region", [3, {"kind": "moon"}, {"kind": "all", "x": "\0"}])
def test_it_refuses_a_region_that_it_does_not_know(client: Client, region: Any) -> None:
    answer = send(client, opened(client), region=region)
    assert (answer.status_code, answer.json()["field"]) == (400, "region")


def test_it_takes_layers_from_another_version_and_a_reference_from_another_image(client: Client) -> None:
    canvas = opened(client)
    first = made(client, canvas)
    again = made(
        client,
        canvas,
        files={},
        layers_of=first["id"],
        reference_image=picture("bb").pk,
        settings={"seed": 8, "reference_weight": 0.5},
    )
    assert again["repeats"] == first["id"]
    assert {"mask", "reference"} <= set(again["layers"])


def test_it_cancels_and_tries_again(client: Client) -> None:
    canvas = opened(client)
    version = send(client, canvas).json()
    assert post(client, f"versions/{version['id']}/cancel").json()["state"] == "cancelled"
    failing = send(client, canvas, settings={"prompt": ["refused"]}).json()
    work(engines=["quick"])
    reported = client.get(f"{HOME}/versions/{failing['id']}").json()
    assert (reported["state"], reported["error"]) == ("failed", "width must be smaller.")
    assert post(client, f"versions/{failing['id']}/retry").json()["state"] == "queued"
    assert Version.objects.get(pk=version["id"]).state == "cancelled"
    for _ in range(2):
        assert post(client, f"versions/{version['id']}/retry").json()["state"] == "queued"
    work(engines=["quick"])
    reported = client.get(f"{HOME}/versions/{version['id']}").json()
    assert (reported["state"], reported["number"]) == ("done", 1)
    assert post(client, f"versions/{version['id']}/retry").json()["state"] == "done"


def test_one_of_many_is_cancelled_and_the_others_go_on(client: Client) -> None:
    first = made(client, opened(client))
    others = [picture(name).pk for name in ("bb", "ccc", "dddd")]
    versions = post(client, f"versions/{first['id']}/siblings", images=others).json()["versions"]
    cancelled = versions[1]["id"]
    for _ in range(2):
        assert post(client, f"versions/{cancelled}/cancel").json()["state"] == "cancelled"
    work(engines=["quick"])
    reported = [client.get(f"{HOME}/versions/{version['id']}").json()["state"] for version in versions]
    assert reported == ["done", "cancelled", "done"]
    assert post(client, f"versions/{versions[0]['id']}/cancel").json()["state"] == "done"


def test_it_is_for_those_who_may(client: Client) -> None:
    canvas = opened(client)
    viewer = Client()
    viewer.force_login(member("viewer"))
    assert viewer.get(f"{HOME}/canvases/{canvas['id']}").status_code == 200
    assert send(viewer, canvas).status_code == 403
    assert Client().get(f"{HOME}/canvases/{canvas['id']}").status_code in (401, 403)


@pytest.fixture
def broken(pia: Any) -> Canvas:
    canvas: Canvas = open_image(image=picture(), by=pia)
    default_storage.delete(canvas.file)
    return canvas


@pytest.mark.parametrize("asked", ["picture", "outline?x=0&y=0&width=64&height=64", "compare"])
def test_the_canvas_says_which_file_is_missing(client: Client, broken: Canvas, asked: str) -> None:
    answer = client.get(f"/curation/retouch/canvases/{broken.pk}/{asked}")
    assert (answer.status_code, answer.json()["code"]) == (409, "file_missing")
    assert broken.file in answer.json()["detail"]
