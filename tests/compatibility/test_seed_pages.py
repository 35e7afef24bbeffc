"""The seeds' test pages: bookmarks and links to them still lead to the page that does that work."""

import pytest
from django.test import Client
from django.urls import resolve

PAGES = {
    "/html/emotion/emotion.html": "/try/emotion/",
    "/html/garden/garden.html": "/try/garden/",
    "/html/emotion-garden/emotion-garden.html": "/kiosk/",
    "/html/text2image.html": "/admin/curation/make/",
    "/html/pool/bulk/bulk.html": "/admin/curation/make/",
    "/html/pool/preview/preview.html": "/admin/curation/review/",
    "/html/viewer/viewer.html": "/admin/curation/library/",
    "/html/flower-viewer/flower-viewer-v2.html": "/wall/",
}


@pytest.mark.parametrize(("seed", "successor"), PAGES.items())
def test_it_leads_to_its_successor_with_its_query(client: Client, seed: str, successor: str) -> None:
    for query in ("", "?emotion=happy&start=3&x=a%20b%26c"):
        answer = client.get(seed + query)
        assert (answer.status_code, answer.headers["Location"]) == (302, successor + query)
    assert resolve(successor)


def test_no_other_page_of_the_seeds_is_there(client: Client) -> None:
    assert client.get("/html/elsewhere.html").status_code == 404
