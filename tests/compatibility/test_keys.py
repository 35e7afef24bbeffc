"""Keys as clients send them: plain, percent-encoded as in our URLs, and encoded once more."""

import json
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils.html import escape
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from garden.models import Image, Zone
from garden.storage.keys import MAX_LENGTH, InvalidKeyError, candidate_keys, parse_key
from garden.storage.serving import PublicUrls
from recommend.models import Interaction
from tests.curation.cast import member
from tests.support.factories import ImageFactory

JS_UNESCAPED = "!'()*"
"""What `encodeURIComponent` leaves alone besides letters, digits and `-_.~`."""


def _is_key(key: str) -> bool:
    try:
        parse_key(key)
    except InvalidKeyError:
        return False
    return True


# Django writes a backslash into URLs as a slash, and stores no file under one.
letters = st.characters(exclude_categories=["C", "Z"], exclude_characters="/\\")
parts = st.text(st.one_of(st.sampled_from(list("ab,%+ &?#=;25C'\"가é🌸")), letters), min_size=1, max_size=12)
names = st.tuples(parts, parts).map(lambda made: f"{made[0]}/{made[1]}_0h.jpeg")
keys = names.map(lambda name: f"emotions/calm/{name}").filter(_is_key)
pool_keys = names.map(lambda name: f"imgPool/calm/{name}").filter(_is_key)
favorites = ("spring,cloudy,day", "봄 꽃", "a+b c", "100%", "%41", "%2541", "what?", "a&b=c", "a;b#c")
FORMS = 12


def with_hard_ones(test: Any) -> Any:
    """Each hard key comes up in every test, each of its forms in one of them."""
    for number, favorite in enumerate(favorites):
        key = f"emotions/happy/{favorite}/img_20230319-131015_0h.jpeg"
        for form in (number, number + len(test.__name__)):
            test = example(key, form % FORMS)(test)
    return given(keys, st.integers(0, FORMS - 1))(settings(max_examples=20)(test))


def forms(key: str) -> list[str]:
    """Every way in which a client may write a key."""
    url = url_of(key)
    root = key.partition("/")[0]
    return [
        key,
        quote(key),
        quote(key, safe=""),
        quote(quote(key)),
        quote(quote(key, safe=JS_UNESCAPED), safe=JS_UNESCAPED),
        url,
        f"{url}?X-Amz-Signature=a%2Fb+c#top",
        f"https://cdn.example/some/folder/{quote(key)}?v=1",
        quote(url, safe=JS_UNESCAPED),
        url.removeprefix("http://testserver"),
        f"/{quote(key)}",
        url[url.index(root) :],
    ]


def url_of(key: str) -> str:
    return PublicUrls(RequestFactory().get("/"))(key)


@given(st.one_of(keys, pool_keys))
def test_it_is_among_the_candidates_of_each_of_its_forms(key: str) -> None:
    for form in forms(key):
        assert key in candidate_keys(form), form


@given(st.text())
def test_no_text_has_a_candidate_that_cannot_be_looked_for(text: str) -> None:
    for key in candidate_keys(f"emotions/{text}"):
        assert key.isprintable()
        assert len(key.encode()) <= MAX_LENGTH


class TestEveryForm(TestCase):
    """A key that no other is mistaken for: each form names its picture, on every route."""

    def setUp(self) -> None:
        self.api = APIClient()

    def post(self, path: str, **body: Any) -> Any:
        return self.api.post(path, body, format="json")

    def sign_in(self) -> None:
        token = Token.objects.create(user=member("publisher"))
        self.api.credentials(HTTP_AUTHORIZATION=f"Token {token.key}")

    @with_hard_ones
    def test_it_likes_the_picture_and_knows_it_in_the_impression(self, key: str, form: int) -> None:
        image = ImageFactory(key=key)
        answer = self.post("/like", id="ann", itemId=forms(key)[form], impression=forms(key))
        assert answer.status_code == 200, answer.json()
        interaction = Interaction.objects.get()
        assert (interaction.image, interaction.item_key, interaction.impression) == (image, key, [key] * FORMS)
        assert interaction.exposed == [image.pk]

    @with_hard_ones
    def test_it_hangs_the_picture(self, key: str, form: int) -> None:
        ImageFactory(key=key)
        zone = Zone.objects.create(name="hall")
        for sent in (forms(key)[:8], forms(key)[8:]):
            answer = self.post("/updateDisplay", zone="hall", landscape=sent)
            assert answer.status_code == 200, answer.json()
            assert {hanging.image.key for hanging in zone.assignments.all()} == {key}
        assert self.post("/sendToWall", keys=[forms(key)[form]]).status_code == 200

    @with_hard_ones
    def test_it_shows_the_souvenir(self, key: str, form: int) -> None:
        """Of a plus that a client left plain in the query, too."""
        ImageFactory(key=key)
        for safe in ("", "+"):
            answer = self.api.get(f"/image?content={quote(forms(key)[form], safe=safe)}")
            assert answer.status_code == 200
            assert f'src="{escape(reverse("picture", args=[1280, key]))}"' in answer.content.decode()
        assert self.post("/souvenir", key=forms(key)[form]).status_code == 200

    @with_hard_ones
    def test_it_removes_the_picture(self, key: str, form: int) -> None:
        self.sign_in()
        ImageFactory(key=key)
        for sent in (forms(key), json.dumps(forms(key)), forms(key)[form]):
            answer = self.post("/remove" if form % 2 else "/removePool", objName=sent).json()
            assert (answer["removed"], answer["missing"]) == (1, [])
            Image.objects.restore()

    @with_hard_ones
    def test_it_withdraws_the_picture(self, key: str, form: int) -> None:
        self.sign_in()
        ImageFactory(key=key)
        answer = self.post("/clearIndex", objName=forms(key)[form]).json()
        assert (answer["withdrawn"], answer["missing"]) == (1, [])

    @with_hard_ones
    def test_it_hangs_as_a_curator(self, key: str, form: int) -> None:
        self.sign_in()
        ImageFactory(key=key)
        Zone.objects.create(name="hall")
        answer = self.post("/curation/walls/hall", keys=forms(key))
        assert answer.status_code == 200, answer.json()

    @with_hard_ones
    def test_a_stored_key_is_meant_before_what_it_decodes_to(self, key: str, form: int) -> None:
        """Also the URL that the garden gave names its own picture, whatever other keys look like it."""
        twins = {key, unquote(key), quote(key), quote(key, safe="/"), key.replace("+", " "), key.replace(" ", "+")}
        for twin in filter(_is_key, twins):
            ImageFactory(key=twin)
        for number, sent in enumerate((key, url_of(key), url_of(key).removeprefix("http://testserver"))):
            assert self.post("/like", id=f"visitor-{number}", itemId=sent).status_code == 200
            assert Interaction.objects.latest("sequence").item_key == key


@pytest.mark.django_db
@pytest.mark.parametrize("route", ["remove", "removePool"])
def test_it_lists_every_form_that_names_nothing(route: str) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=member('publisher')).key}")
    ImageFactory(key="emotions/happy/spring,cloudy,day/a_0h.jpeg")
    sent = ["emotions/happy/spring%2Ccloudy%2Cday/a_0h.jpeg", "emotions/happy/spring%2Ccloudy/a_0h.jpeg", "b"]
    answer = client.post(f"/{route}", {"objName": sent}, format="json").json()
    assert (answer["removed"], answer["missing"]) == (1, sent[1:])


@pytest.mark.django_db
def test_it_asks_the_database_once_for_all_forms(django_assert_max_num_queries: Any) -> None:
    texts = [form for image in ImageFactory.create_batch(8) for form in forms(image.key)]
    with django_assert_max_num_queries(1):
        assert len(Image.objects.by_key_or_url(texts)) == len(set(texts))
