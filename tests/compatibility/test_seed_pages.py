"""The seeds' test pages: bookmarks and links to them still lead to the page that does that work."""

from pathlib import Path

import pytest
from django.test import Client

PAGES = {
    "/html/emotion/emotion.html": "/try/emotion/",
    "/html/garden/garden.html": "/try/garden/",
    "/html/emotion-garden/emotion-garden.html": "/kiosk/",
    "/html/text2image.html": "/try/pictures/",
    "/html/pool/bulk/bulk.html": "/admin/curation/bulk/",
    "/html/pool/preview/preview.html": "/admin/curation/review/",
    "/html/viewer/viewer.html": "/admin/curation/viewer/",
    "/html/flower-viewer/flower-viewer-v2.html": "/wall/",
}


@pytest.mark.parametrize(("seed", "successor"), PAGES.items())
def test_it_leads_to_its_successor(client: Client, seed: str, successor: str) -> None:
    answer = client.get(seed)
    assert (answer.status_code, answer.headers["Location"]) == (302, successor)


def test_the_page_about_moving_names_each_successor() -> None:
    told = Path("docs/how-to/move-a-seed-deployment.md").read_text(encoding="utf-8")
    for seed, successor in PAGES.items():
        assert f"| `{seed.removeprefix('/html/')}` | `{successor}` |" in told


def test_it_keeps_the_query(client: Client) -> None:
    answer = client.get("/html/viewer/viewer.html?emotion=happy&start=3&x=a%20b%26c")
    assert answer.headers["Location"] == "/admin/curation/viewer/?emotion=happy&start=3&x=a%20b%26c"


def test_no_other_page_of_the_seeds_is_there(client: Client) -> None:
    assert client.get("/html/elsewhere.html").status_code == 404
