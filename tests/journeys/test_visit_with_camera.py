"""From the first touch to goodbye, with a face in front of the camera."""

from playwright.sync_api import Route, expect

from garden.models import GuessCount, Visitor
from recommend.models import Interaction
from tests.journeys.kiosk_page import KioskPage, says_like


def test_it_goes_from_attract_to_a_like_in_the_database(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    expect(kiosk.page.locator(".mirror-count")).not_to_be_empty(timeout=30_000)
    kiosk.sees("question")
    expect(kiosk.page.locator("#question-title")).to_have_text("You look happy.")

    with kiosk.page.expect_response(lambda response: response.url.endswith("/guess")):
        kiosk.page.locator(".guesses .mood").first.click()
    assert list(GuessCount.objects.values_list("guessed", "said", "count")) == [("happy", "happy", 1)]
    shown = kiosk.sees_pictures()
    with kiosk.page.expect_response(says_like):
        kiosk.like(1)

    visitor = Visitor.objects.get()
    like = Interaction.objects.get(visitor=visitor, kind=Interaction.Kind.LIKE)
    assert (visitor.emotion, visitor.gender) == ("happy", "Female")
    assert (like.item_key, like.impression) == (shown[1], shown)
    assert like.slate is not None


def test_it_switches_the_camera_off_when_it_has_looked(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.page.evaluate(_REMEMBER_TRACKS)
    kiosk.touch("begin")
    kiosk.touch("camera")
    kiosk.sees("question")
    assert kiosk.page.evaluate("window.tracks.map((track) => track.readyState)") == ["ended"]


_REMEMBER_TRACKS = """() => {
  window.tracks = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.tracks.push(...stream.getTracks());
    return stream;
  };
}"""


def test_it_offers_no_mood_that_is_not_plausible(kiosk: KioskPage) -> None:
    """The portrait is read as happy, and every other mood has a few percent at most."""
    with kiosk.page.expect_response("**/emotion") as answered:
        _shows_face(kiosk)
    others = [share for mood, share in answered.value.json()["emotionScores"].items() if mood != "happy"]
    assert max(others) < 0.1
    assert _offered(kiosk) == ["happy"]
    kiosk.touch("other")
    kiosk.sees("wheel")


def test_it_offers_three_moods_at_most_where_many_are_plausible(kiosk: KioskPage) -> None:
    shares = {"happy": 0.3, "surprised": 0.2, "calm": 0.19, "sad": 0.18, "angry": 0.09, "fear": 0.04}
    kiosk.page.route("**/emotion", lambda route: _answers(route, shares))
    _shows_face(kiosk)
    assert _offered(kiosk) == ["happy", "surprised", "calm"]


def test_it_offers_two_moods_where_two_are_plausible(kiosk: KioskPage) -> None:
    shares = {"happy": 0.6, "calm": 0.3, "surprised": 0.09, "sad": 0.01}
    kiosk.page.route("**/emotion", lambda route: _answers(route, shares))
    _shows_face(kiosk)
    assert _offered(kiosk) == ["happy", "calm"]


def _shows_face(kiosk: KioskPage) -> None:
    kiosk.open()
    kiosk.touch("begin")
    kiosk.touch("camera")
    kiosk.sees("question")


def _offered(kiosk: KioskPage) -> list[str]:
    return [str(mood.get_attribute("data-mood")) for mood in kiosk.page.locator(".guesses .mood").all()]


def _answers(route: Route, shares: dict[str, float]) -> None:
    """The server's answer with other shares."""
    response = route.fetch()
    body = response.json()
    route.fulfill(response=response, json={**body, "emotionScores": dict.fromkeys(body["emotionScores"], 0.0) | shares})
