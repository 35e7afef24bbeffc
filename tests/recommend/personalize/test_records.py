import json

import pytest

from recommend.backends.base import Feedback, Kind
from recommend.backends.personalize.delivery import event_of, filter_value, item_record, user_record
from tests.factories import ImageFactory, VisitorFactory
from tests.recommend.cast import ANN


def feedback(*impression: str, item: str = "a", reference: str = "") -> Feedback:
    return Feedback(ANN, Kind.LIKE, item, impression, "", 1_700_000_000.0, reference)


def test_an_impression_is_cut_to_25_and_keeps_the_liked_picture() -> None:
    shown = [f"key-{number}" for number in range(40)]
    event = event_of(feedback(*shown, item="key-39"), "click", {})
    assert event["impression"] == [*shown[:24], "key-39"]


@pytest.mark.parametrize(("reference", "sent"), [("", False), ("RID-1", True), ("x" * 40, True), ("x" * 41, False)])
def test_only_a_reference_of_personalize_itself_is_sent(reference: str, sent: bool) -> None:
    assert ("recommendationId" in event_of(feedback(reference=reference), "click", {})) is sent


def test_a_favorite_with_a_quotation_mark_cannot_break_out_of_the_filter() -> None:
    assert filter_value(["calm", 'calm/"x"', "calm/cat"]) == '"calm","calm/cat"'


@pytest.mark.django_db
def test_users_and_items_are_described_in_camel_case() -> None:
    user = user_record(VisitorFactory(id="ann", emotion=""))
    assert (user["userId"], json.loads(user["properties"])) == ("ann", {"generation": "adult", "gender": "Female"})
    image = ImageFactory(key="emotions/calm/cat/img_1_0h.jpeg")
    words = json.loads(item_record(image)["properties"])
    seconds = int(image.published_at.timestamp())
    assert words == {"emotion": "calm/cat", "timestamp": seconds, "creationTimestamp": seconds}
    image.state = "trash"
    assert json.loads(item_record(image)["properties"])["emotion"] == "withdrawn"
