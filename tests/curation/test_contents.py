"""The admin's start page: chapters in the order in which a curator works, and in each only what the reader may open."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from curation.admin_site import CHAPTERS, in_chapters
from tests.curation.cast import member

pytestmark = pytest.mark.django_db
admin.autodiscover()
CAPTION = re.compile(r"<caption>\s*(.*?)\s*</caption>", re.DOTALL)


def captions(client: Client, language: str = "en") -> list[str]:
    page = client.get("/admin/", headers={"Accept-Language": language}).content.decode()
    return CAPTION.findall(page[page.index('id="content"') :])


def listed(user: Any) -> list[str]:
    request = RequestFactory().get("/admin/")
    request.user = user
    chapters = admin.site.get_app_list(request)
    return [entry["model"]._meta.label for chapter in chapters for entry in chapter["models"]]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("en", "Pictures and review", "Operations"), ("ko", "그림과 검토", "운영"), ("ja", "絵と確認", "運用")],
)
def test_the_start_page_has_six_chapters_in_the_reader_s_language(
    admin_client: Client, language: str, first: str, last: str
) -> None:
    found = captions(admin_client, language)
    assert (len(found), found[0], found[-1]) == (6, first, last)


def test_every_model_of_the_admin_stands_in_one_chapter() -> None:
    told = [label for chapter in CHAPTERS for label in chapter.models]
    assert sorted(told) == sorted(model._meta.label for model in admin.site._registry)


def test_a_reader_finds_what_they_may_open_and_nothing_else() -> None:
    curator = member("curator", "cora")
    found = listed(curator)
    request = RequestFactory().get("/admin/")
    request.user = curator
    may = [
        model._meta.label
        for model, page in admin.site._registry.items()
        if True in page.get_model_perms(request).values()
    ]
    assert sorted(found) == sorted(may)
    assert "auth.User" not in found


def test_a_chapter_without_anything_to_open_is_left_out(client: Client) -> None:
    client.force_login(get_user_model().objects.create_user("nobody", is_staff=True))
    assert captions(client) == []
    assert "permission" in client.get("/admin/").content.decode()


def test_a_model_that_no_chapter_knows_keeps_its_app_after_them() -> None:
    request = RequestFactory().get("/admin/")
    request.user = get_user_model().objects.create_superuser("admin")
    known = admin.site.get_app_list(request)[0]["models"][0]

    class Stranger:
        class _meta:  # noqa: N801  # As models have it.
            label = "plugin.Stranger"

    unknown = {**known, "model": Stranger}
    app = {"name": "Plugin", "app_label": "plugin", "app_url": "/admin/plugin/", "models": [unknown, known]}
    assert [(one["name"], len(one["models"])) for one in in_chapters([app])] == [
        ("Pictures and review", 1),
        ("Plugin", 1),
    ]


def test_an_app_s_own_page_lists_it_whole(admin_client: Client) -> None:
    page = admin_client.get(reverse("admin:app_list", args=["curation"]))
    (app,) = page.context["app_list"]
    assert {"BulkOperation", "Garden", "Fingerprint"} <= {entry["object_name"] for entry in app["models"]}
