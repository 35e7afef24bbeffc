"""A process is killed around a like that a webhook asks for: the event is lost only with the like itself."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from garden import webhooks
from garden.models import Webhook, WebhookDelivery
from garden.signed_post import post_signed
from garden.webhooks import deliver
from recommend.models import Interaction
from recommend.services import likes
from tests.faults.killing import in_a_child
from tests.garden.fleet.receiver import Receiver, ReceiverHandler
from tests.recommend.cast import interact, plant
from tests.services.local_http import local_server

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with local_server(ReceiverHandler) as server:
        server.fake = Receiver()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        Webhook.objects.create(name="museum", address=address, picture_liked=True)
        yield server.fake


def die(*args: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def post_and_die(*args: Any) -> None:
    post_signed(*args)
    die()


def killed_at(place: Any, step: str, last: Callable[..., None], work: Callable[[], Any]) -> None:
    def dying() -> None:
        with mock.patch.object(place, step, last):
            work()

    assert not in_a_child(dying)


@pytest.mark.parametrize(("last", "arrivals"), [(die, 1), (post_and_die, 2)], ids=["before", "after"])
def test_it_sends_again_with_the_same_id_when_the_deliverer_was_killed_around_the_post(
    receiver: Receiver, last: Callable[..., None], arrivals: int
) -> None:
    interact("ann", *plant(1))
    killed_at(webhooks, "post_signed", last, deliver)
    assert deliver() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=30)):
        assert deliver() == 1
    assert [message["id"] for message, _, _ in receiver.letters] == [
        str(WebhookDelivery.objects.get().event_id)
    ] * arrivals


def test_it_sends_what_was_stored_when_the_site_was_killed_before_it_could_wake_a_worker(receiver: Receiver) -> None:
    (image,) = plant(1)
    killed_at(webhooks, "enqueue", lambda task: transaction.on_commit(die), lambda: interact("ann", image))
    assert Interaction.objects.count() == 1
    assert deliver() == 1


def test_it_sends_nothing_of_a_like_that_was_killed_before_it_was_stored(receiver: Receiver) -> None:
    (image,) = plant(1)
    killed_at(likes, "_append", die, lambda: interact("ann", image))
    assert not Interaction.objects.exists()
    assert deliver() == 0
