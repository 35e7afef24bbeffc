"""Events of a site reach the receivers that ask for them: at least once, signed, bounded, and without visitors."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from garden.models import AuditEntry, KioskKey, Webhook, WebhookDelivery, Zone
from garden.models.wall import Source
from garden.models.webhook import KEPT, MAX_TRIES
from garden.signed_post import sign
from garden.tasks import deliver_webhooks, sweep_retention
from garden.walls.service import UnknownPictureError, assign
from garden.webhooks import deliver, send_test
from recommend.models import Interaction
from recommend.services import likes
from tests.curation.cast import member
from tests.garden.fleet.receiver import Receiver, ReceiverHandler
from tests.garden.walls.walls import landscapes
from tests.recommend.cast import interact, plant, post
from tests.services.local_http import local_server
from tests.support.factories import ImageFactory, KioskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        yield clock


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with local_server(ReceiverHandler) as server:
        server.fake = Receiver()
        server.fake.address = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield server.fake


def hook(receiver: Receiver, name: str = "Museum", **more: Any) -> Webhook:
    events = {"picture_liked": True, "wall_changed": True, **more}
    made: Webhook = Webhook.objects.create(name=name, address=receiver.address, **events)  # type: ignore[attr-defined]
    return made


def messages(receiver: Receiver) -> list[dict[str, Any]]:
    return [message for message, _, _ in receiver.letters]


def test_it_posts_a_like_with_picture_mood_kiosk_and_time_and_nothing_of_the_visitor(
    api: APIClient, receiver: Receiver
) -> None:
    hook(receiver)
    (image,) = plant(1, "calm/cat")
    _, key = KioskKey.objects.create_key(name="key", kiosk=KioskFactory.create(name="Foyer"))
    api.credentials(HTTP_X_API_KEY=key)
    assert post(api, "/like", id="visitor-ann", itemId=image.key, eventId="event-ann").status_code == 200
    assert deliver() == 1
    (message,), ((_, _, body),) = messages(receiver), receiver.letters
    assert message == {
        "id": str(WebhookDelivery.objects.get().event_id),
        "event": "picture_liked",
        "at": Interaction.objects.get().created_at.isoformat(),
        "data": {"key": image.key, "emotion": "calm/cat", "kiosk": "Foyer"},
    }
    assert b"ann" not in body


def test_it_posts_the_wall_after_a_change(receiver: Receiver) -> None:
    hook(receiver)
    zone, (image,) = Zone.objects.create(name="zone1"), landscapes(1)
    assign(zone, {"3h": image}, source=Source.CURATOR, by="cora")
    deliver()
    (message,) = messages(receiver)
    assert message["event"] == "wall_changed"
    assert message["data"] == {"zone": "zone1", "version": 1, "source": "curator", "slots": {"3h": image.key}}


def test_it_posts_nothing_for_a_dislike_a_repetition_or_none_of_these(receiver: Receiver) -> None:
    hook(receiver)
    a, b = plant(2)
    interact("ann", a, a, b, event_id="1")
    interact("ann", a, a, b, event_id="1")
    interact("ann", a, a, b, liked=False)
    interact("ann", None, a, b)
    assert deliver() == 1


def test_it_posts_to_enabled_webhooks_that_ask_for_the_event_each_with_the_same_id(receiver: Receiver) -> None:
    hook(receiver, "likes", wall_changed=False)
    hook(receiver, "both")
    hook(receiver, "walls", picture_liked=False)
    hook(receiver, "off", is_enabled=False)
    interact("ann", *plant(1))
    assert sorted(WebhookDelivery.objects.values_list("webhook__name", flat=True)) == ["both", "likes"]
    assert deliver() == 2
    assert len({message["id"] for message in messages(receiver)}) == 1


def test_it_records_nothing_of_what_was_rolled_back(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    hook(receiver)
    with pytest.raises(UnknownPictureError):
        assign(Zone.objects.create(name="zone1"), {"1h": ImageFactory.create(state="trash")}, source=Source.API)

    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(likes, "_append", fail)
    with pytest.raises(RuntimeError):
        interact("ann", *plant(1))
    assert not WebhookDelivery.objects.exists()


def test_it_signs_every_message(receiver: Receiver) -> None:
    webhook = hook(receiver)
    interact("ann", *plant(1))
    deliver()
    ((_, headers, body),) = receiver.letters
    signature = sign(body, headers["X-Garden-Timestamp"], webhook.secret)
    assert headers["X-Garden-Signature"] == f"sha256={signature}"
    assert len(webhook.secret) > 40
    assert webhook.secret != hook(receiver, "another").secret


@pytest.mark.parametrize("status", [302, 404, 500])
def test_it_tries_again_later_and_later_with_the_same_id_until_it_is_accepted(
    clock: Any, receiver: Receiver, status: int
) -> None:
    hook(receiver)
    interact("ann", *plant(1))
    receiver.status, waits, failed_at = status, [], timezone.now()
    assert [deliver(), deliver()] == [0, 0]
    for attempts in range(2, 11):
        while WebhookDelivery.objects.get().attempts < attempts:
            clock.shift(timedelta(seconds=15))
            assert deliver() == 0
        waits.append((timezone.now() - failed_at).total_seconds())
        failed_at = timezone.now()
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3840, 7200]
    assert Webhook.objects.get().last_error == f"the receiver answered {status}"
    receiver.status = 200
    clock.shift(timedelta(hours=2))
    assert [deliver(), deliver()] == [1, 0]
    assert (Webhook.objects.get().failures, Webhook.objects.get().last_error) == (0, "")
    assert messages(receiver)[0]["id"] == str(WebhookDelivery.objects.get().event_id)


def test_it_gives_up_after_a_number_of_tries_and_staff_can_send_it_again(
    clock: Any, receiver: Receiver, client: Client
) -> None:
    hook(receiver)
    interact("ann", *plant(1))
    receiver.status = 500
    for _ in range(MAX_TRIES + 3):
        deliver()
        clock.shift(timedelta(hours=2))
    delivery = WebhookDelivery.objects.get()
    assert (delivery.attempts, delivery.delivered_at) == (MAX_TRIES, None)
    receiver.status = 200
    assert deliver() == 0
    client.force_login(member("operator"))
    assert "given up (the receiver answered 500)" in client.get(page("webhookdelivery")).content.decode()
    act(client, "webhookdelivery", "send_again", delivery)
    assert deliver() == 1


def test_it_leaves_a_receiver_alone_that_fails_and_not_the_others(clock: Any, receiver: Receiver) -> None:
    hook(receiver)
    gone = Webhook.objects.create(name="gone", address="http://127.0.0.1:9/", picture_liked=True)
    for image in plant(5):
        interact("ann", image)
    assert deliver() == 5
    assert gone.deliveries.filter(attempts=1).count() == 1
    assert gone.deliveries.filter(attempts=0).count() == 4
    assert Webhook.objects.get(name="gone").last_error == "the receiver cannot be reached (ConnectionError)"


def test_it_sends_to_others_than_the_one_event_that_is_always_refused(clock: Any, receiver: Receiver) -> None:
    hook(receiver)
    first, second = plant(2)
    interact("ann", first)
    receiver.status = 422
    deliver()
    receiver.status = 200
    interact("ann", second)
    clock.shift(timedelta(seconds=30))
    assert deliver() == 2
    assert [message["data"]["key"] for message in messages(receiver)] == [second.key, first.key]


def test_it_keeps_no_event_for_longer_than_a_week(clock: Any, receiver: Receiver) -> None:
    hook(receiver)
    interact("ann", *plant(1))
    clock.shift(KEPT)
    assert sweep_retention()["webhook events"] == 0
    clock.shift(timedelta(seconds=1))
    assert sweep_retention()["webhook events"] == 1


def test_it_wakes_a_worker_once_the_like_is_stored(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hook(receiver)
    arrived: list[int] = []
    monkeypatch.setattr(
        "garden.tasks.deliver_webhooks.apply_async", lambda *args, **options: arrived.append(deliver_webhooks())
    )
    with django_capture_on_commit_callbacks(execute=True):
        interact("ann", *plant(1))
        assert not arrived
    assert arrived == [1]


@pytest.mark.parametrize(
    "address", ["http://example.org/", "ftp://127.0.0.1/", "hooks", "http://127.0.0.1.evil.example/"]
)
def test_it_posts_by_https_or_to_this_machine_alone(address: str) -> None:
    webhook = Webhook(name="x", address=address)
    with pytest.raises(ValidationError, match="Must begin with https"):
        webhook.full_clean()
    for good in ("https://hooks.example.org/x", "http://127.0.0.1:8/x", "http://localhost/x"):
        Webhook(name="x", address=good).full_clean()


def page(model: str, *rest: object) -> str:
    return "/".join(["/admin/garden", model, *map(str, rest), ""])


def act(client: Client, model: str, action: str, row: Any) -> str:
    chosen = {"action": action, "_selected_action": row.pk}
    return client.post(page(model), chosen, follow=True).content.decode()


def test_operators_add_a_webhook_and_see_its_last_deliveries(client: Client, receiver: Receiver) -> None:
    client.force_login(member("operator"))
    fields = {"name": "Museum", "address": receiver.address, "secret": "s" * 20, "is_enabled": "on"}  # type: ignore[attr-defined]
    client.post(page("webhook", "add"), {**fields, "picture_liked": "on"})
    webhook = Webhook.objects.get()
    assert (webhook.picture_liked, webhook.wall_changed) == (True, False)
    assert "s" * 20 not in str(AuditEntry.objects.get(kind="added").detail)
    interact("ann", *plant(1))
    assert "picture liked · waiting" in client.get(page("webhook", webhook.pk, "change")).content.decode()
    deliver()
    assert "picture liked · delivered" in client.get(page("webhook", webhook.pk, "change")).content.decode()


def test_a_test_event_is_sent_at_once_and_the_answer_is_shown(client: Client, receiver: Receiver) -> None:
    client.force_login(member("operator"))
    webhook = hook(receiver)
    assert "Museum received the test event." in act(client, "webhook", "test", webhook)
    (message,) = messages(receiver)
    assert (message["event"], message["data"]) == ("test", {})
    receiver.status = 500
    assert "Museum: the receiver answered 500" in act(client, "webhook", "test", webhook)
    assert not WebhookDelivery.objects.exists()


def test_a_test_that_arrives_ends_the_pause_of_its_receiver(clock: Any, receiver: Receiver) -> None:
    webhook = hook(receiver)
    receiver.status = 500
    for image in plant(2):
        interact("ann", image)
    deliver()
    receiver.status = 200
    assert deliver() == 0
    assert send_test(Webhook.objects.get(pk=webhook.pk)) == ""
    assert deliver() == 1


def test_its_secret_and_address_are_not_for_those_who_may_only_look(client: Client, receiver: Receiver) -> None:
    webhook = hook(receiver)
    reader = User.objects.create_user("rita", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_webhook"))
    client.force_login(reader)
    pages = (page("webhook"), page("webhook", webhook.pk, "change"))
    shown = "".join(client.get(address).content.decode() for address in pages)
    assert "Museum" in shown
    assert webhook.secret not in shown
    assert webhook.address not in shown


def test_no_log_names_the_address(receiver: Receiver, caplog: Any) -> None:
    hook(receiver)
    Webhook.objects.update(address="http://127.0.0.1:9/hooks/between-us")
    interact("ann", *plant(1))
    with caplog.at_level(logging.INFO):
        deliver()
    assert "Museum" in caplog.text
    assert "between-us" not in caplog.text


def test_the_documented_receiver_knows_genuine_messages_from_others(receiver: Receiver) -> None:
    text = (settings.BASE_DIR / "docs" / "how-to" / "integrate.md").read_text(encoding="utf-8")
    (snippet,) = (block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "def is_genuine" in block)
    documented: dict[str, Any] = {}
    exec(snippet, documented)  # Our own page.
    webhook = hook(receiver)
    send_test(webhook)
    ((_, headers, body),) = receiver.letters
    assert documented["is_genuine"](body, headers, webhook.secret)
    assert not documented["is_genuine"](body + b" ", headers, webhook.secret)
    assert not documented["is_genuine"](body, headers, "another secret")
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        assert not documented["is_genuine"](body, headers, webhook.secret)
