"""Every staff page is accessible in light and dark, and fits a phone, a laptop and a 4K screen."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from playwright.sync_api import Page

from curation.models import Release
from curation.services.operations import publish_images
from curation.urls import pages
from garden.models import DeviceHealth, Image, Zone
from garden.storage.thumbnails import make_thumbnail
from generation.retouch.batch.orders import choose_images, plan_batch
from generation.retouch.batch.recipe import Recipe
from generation.retouch.versions import open_image
from tests.generation.jobs import ask_for
from tests.journeys.axe import faults_on
from tests.journeys.review_page import LAPTOP, PHONE, Desk, ReviewPage
from tests.journeys.test_dashboard import CALM
from tests.support.factories import KioskFactory

FOUR_K = {"width": 3840, "height": 2160}
PARTS = {
    *("undo-lookalikes", "settle-group", "make-more", "make-estimate", "make-previews", "show-previews"),
    *("save-preset", "delete-preset", "steer-job", "test-alarm", "mute", "switch-gpu", "steer-batch"),
    *(
        "renew-dashboard",
        "make-jobs",
        "gpu",
        "wall-tray",
        "add-show-time",
        "delete-show-time",
        "cancel-release",
        "roll-back",
        "take-back",
    ),
}
"""Routes that answer with a part of a page, or change something."""
AXE_STYLE = "Applying inline style"
"""axe-core itself changes styles while it measures."""
SEARCH_FIELD = re.compile("label-title-only: <input[^>]* id=.searchbar")
"""Of Django admin; axe-core does not read the text alternative of the image in its label."""
OTHERS = ["index", "data", "password_change", "second-factor"]


@pytest.fixture
def addresses(pool: list[int]) -> list[str]:
    """One of each page of the workplace, each with something on it."""
    publish_images(images=pool[:6], by=None)
    for each in Image.objects.all():
        make_thumbnail(image=each)
    image = Image.objects.get(pk=pool[8])
    recipe = Recipe()
    health = DeviceHealth.objects.create(kiosk=KioskFactory.create())
    release = Release.objects.earliest("pk")
    given: dict[str, list[Any]] = {
        "job-page": [ask_for(1).pk],
        "device": ["kiosk", health.kiosk_id],
        "batch": [plan_batch(recipe=recipe, chosen=choose_images(recipe, pool[8:10]), by=None).pk],
        "wall": [Zone.objects.create(name="hall").name],
        "release": [release.pk],
        "act": [release.operation_id],
    }
    named = [page.name for page in pages if page.name not in PARTS]
    assert set(given) <= set(named)
    found = [reverse(f"curation:{name}", args=given.get(name or "", [])) for name in named]
    open_image(image=image, by=None)
    found.append(f"{reverse('curation:studio')}?image={image.pk}")
    return found + [reverse(f"admin:{name}") for name in OTHERS]


def test_every_page_is_accessible_and_fits_every_screen(desk: Desk, addresses: list[str]) -> None:
    _no_faults(desk(), addresses)


def test_every_table_of_data_is_accessible_and_fits_every_screen(desk: Desk, addresses: list[str]) -> None:
    models = [model._meta for model in admin.site._registry]
    _no_faults(desk(), [reverse(f"admin:{each.app_label}_{each.model_name}_changelist") for each in models])


def _no_faults(review: ReviewPage, addresses: list[str]) -> None:
    get_user_model().objects.update(is_superuser=True)
    faults = {address: found for address in addresses if (found := _faults(review.page, review.address + address))}
    review.problems = [problem for problem in review.problems if AXE_STYLE not in problem]
    assert not faults, "\n".join(f"{address}: {found}" for address, found in faults.items())


def _faults(page: Page, address: str) -> list[str]:
    page.set_viewport_size(FOUR_K)  # type: ignore[arg-type]
    answer = page.goto(address, wait_until="networkidle" if "?image=" in address else "load")
    assert answer
    faults = [] if answer.ok else [f"status {answer.status}"]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        faults.append("4K: scrolls sideways")
    for screen, theme in ((LAPTOP, "light"), (PHONE, "dark")):
        page.set_viewport_size(screen)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        page.evaluate(CALM)
        faults += [f"{theme}: {fault}" for fault in faults_on(page) if not SEARCH_FIELD.match(fault)]
    return faults
