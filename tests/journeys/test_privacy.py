"""The kiosk by the rules of its place: what it shows, asks, and never does."""

from typing import Any

import pytest
from playwright.sync_api import expect

from garden.models import Consent, ProcessingEntry, Visitor
from garden.privacy.packs import PACKS
from garden.vocabulary import Emotion
from recommend.models import Interaction
from tests.garden.privacy.agreeing import looks_like
from tests.journeys.kiosk_page import KioskPage, says_like


def test_where_consent_is_asked_the_camera_opens_after_all_is_agreed_to(
    kiosk: KioskPage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRIVACY_PACK = "us-illinois"
    looks_like(monkeypatch, low=30, high=40)
    kiosk.has_no_detector()
    kiosk.open()
    kiosk.touch("begin")
    expect(kiosk.page.locator(".consent .promises")).to_contain_text("90 days")
    kiosk.touch("camera")
    kiosk.sees("agree")
    agree = kiosk.page.locator('.agree [data-action="agree"]')
    expect(agree).to_contain_text("Sign and agree")
    expect(kiosk.page.locator(".agree input:checked")).to_have_count(0)
    for value in ("of-age", *PACKS["us-illinois"].statements):
        expect(agree).to_be_disabled()
        _tick(kiosk, value)
    agree.click()
    kiosk.touch("take")
    kiosk.sees("question")
    consent = Consent.objects.get()
    assert (consent.by, consent.signed, consent.language) == ("visitor", True, "en")
    assert set(ProcessingEntry.objects.values_list("consent", flat=True)) == {consent.pk}


def test_saying_no_is_as_easy_as_saying_yes_and_a_child_needs_a_guardian(kiosk: KioskPage, settings: Any) -> None:
    settings.PRIVACY_PACK = "eu"
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    kiosk.sees("agree")
    yes, no = (kiosk.page.locator(f'.agree [data-action="{action}"]') for action in ("agree", "wheel"))
    sizes = [box and (round(box["width"]), round(box["height"])) for box in (yes.bounding_box(), no.bounding_box())]
    assert sizes[0] == sizes[1]

    guardian = kiosk.page.locator(".agree-guardian")
    expect(guardian).to_be_hidden()
    _tick(kiosk, "younger")
    _tick(kiosk, "agree_face_reading")
    expect(guardian).to_be_visible()
    expect(yes).to_be_disabled()
    _tick(kiosk, "agree_guardian")
    expect(yes).to_be_enabled()

    english = kiosk.page.locator(".agreement").inner_text()
    kiosk.speaks("ko")
    expect(kiosk.page.locator("#agree-title")).to_have_text("촬영하기 전에")
    korean = kiosk.page.locator(".agreement").inner_text()
    assert "{" not in korean
    assert not {line for line in english.splitlines() if line.strip()} & set(korean.splitlines())

    no.click()
    kiosk.sees("wheel")
    assert not Consent.objects.exists()


def test_who_is_or_looks_too_young_is_led_to_the_way_without_a_camera(
    kiosk: KioskPage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRIVACY_PACK = "korea"
    looks_like(monkeypatch, low=8, high=11)
    kiosk.has_no_detector()
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    _tick(kiosk, "younger")
    agree = kiosk.page.locator('.agree [data-action="agree"]')
    expect(kiosk.page.locator(".agree-not-read")).to_contain_text("14 or older")
    expect(agree).to_be_disabled()

    for value in ("of-age", *PACKS["korea"].statements):
        _tick(kiosk, value)
    agree.click()
    kiosk.touch("take")
    kiosk.sees("wheel")
    expect(kiosk.page.locator(".wheel-hint")).to_contain_text("the guess of your age may be wrong")
    assert not Visitor.objects.exists()
    kiosk.problems.clear()  # The browser notes the refusal.
    kiosk.choose_on_wheel(Emotion.CALM)
    assert len(kiosk.sees_pictures()) == 3


def test_at_a_workplace_there_is_no_way_to_the_camera(kiosk: KioskPage, settings: Any) -> None:
    settings.SITE_CONTEXT = "workplace"
    kiosk.open()
    kiosk.touch("begin")
    expect(kiosk.page.get_by_role("heading", name="Here you choose your mood yourself.")).to_be_visible()
    expect(kiosk.page.locator('[data-action="camera"]')).to_have_count(0)
    kiosk.touch("wheel")
    kiosk.choose_on_wheel(Emotion.HAPPY)
    assert len(kiosk.sees_pictures()) == 3


def test_under_strict_rules_the_garden_forgets_at_goodbye(kiosk: KioskPage, settings: Any) -> None:
    settings.PRIVACY_PACK = "strict"
    kiosk.page.clock.install()
    kiosk.open().goes_to_garden()
    with kiosk.page.expect_response(says_like):
        kiosk.like(0)
    assert Visitor.objects.count() == 1
    with kiosk.page.expect_response("**/forget") as forgotten:
        kiosk.touch("stop")
        expect(kiosk.page.locator(".goodbye")).to_contain_text("What was guessed about you is deleted")
        kiosk.is_left_alone(2)
    assert forgotten.value.status == 204
    expect(kiosk.page.locator(".visitor-number")).to_have_count(0)
    assert not Visitor.objects.exists()
    assert set(Interaction.objects.values_list("visitor", flat=True)) == {None}


def _tick(kiosk: KioskPage, value: str) -> None:
    kiosk.page.locator(f'.agree input[value="{value}"]').check()
