"""Each moment, on a kiosk and on a phone: WCAG AA as far as a machine can tell, and nothing wider than the screen."""

from typing import Any

from garden.vocabulary import Emotion
from tests.journeys.axe import faults_on
from tests.journeys.kiosk_page import KioskPage

SCREENS = ((1080, 1920), (320, 640))


def faults_at(kiosk: KioskPage, moment: str) -> list[str]:
    kiosk.sees(moment)
    return faults_on_screens(kiosk)


def faults_on_screens(kiosk: KioskPage) -> list[str]:
    faults = []
    for width, height in reversed(SCREENS):
        kiosk.page.set_viewport_size({"width": width, "height": height})
        faults += faults_on(kiosk.page)
    return faults


def test_every_moment_is_for_everyone(kiosk: KioskPage) -> None:
    kiosk.open()
    faults = {"attract": faults_at(kiosk, "attract")}
    for touched, moment in (("begin", "consent"), ("camera", "look")):
        kiosk.touch(touched)
        faults[moment] = faults_at(kiosk, moment)
    kiosk.sees("question")
    faults["question"] = faults_at(kiosk, "question")
    kiosk.touch("other")
    faults["wheel"] = faults_at(kiosk, "wheel")
    kiosk.choose_on_wheel(Emotion.FEAR)
    kiosk.sees_pictures()
    kiosk.like(0)
    for touched, moment in (("", "garden"), ("gift", "gift"), ("stop", "goodbye")):
        if touched:
            kiosk.touch(touched)
        faults[moment] = faults_at(kiosk, moment)
    assert not any(faults.values()), faults


def test_the_farewell_and_the_page_about_faces_are_for_everyone(kiosk: KioskPage, settings: Any) -> None:
    settings.KIOSK_IDLE_SECONDS = 30
    settings.KIOSK_FAREWELL_SECONDS = 30
    kiosk.page.clock.install()
    kiosk.open()
    kiosk.touch("begin")
    kiosk.sees("consent")
    kiosk.page.locator(".about-link").click()
    kiosk.page.wait_for_url("**/about/?from=kiosk&lang=en")
    faults = {"about": faults_on_screens(kiosk)}
    kiosk.page.get_by_role("link", name="Back to the garden").click()
    kiosk.sees("attract")
    kiosk.touch("begin")
    kiosk.sees("consent")
    kiosk.page.clock.fast_forward("00:31")
    kiosk.page.get_by_role("dialog").wait_for()
    faults["farewell"] = faults_on_screens(kiosk)
    assert not any(faults.values()), faults
