"""Operators keep plans and say who has which; the ledger is read, never written."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from generation.credits import standing_of
from generation.models import CreditAccount, CreditCharge, CreditPlan
from generation.queue.worker import work
from tests.curation.cast import member
from tests.generation.conftest import _quick_engine
from tests.generation.credits.purse import QUICK, curator, plan, retouch

__all__ = ["_quick_engine"]
pytestmark = pytest.mark.django_db
PLANS, ACCOUNTS, LEDGER = (f"admin:generation_credit{name}" for name in ("plan", "account", "charge"))


@pytest.fixture
def client() -> Client:
    browser = Client()
    browser.force_login(member("operator", "otto"))
    return browser


def test_a_plan_is_given_and_its_credits_are_there(client: Client) -> None:
    cleo = member("curator", "cleo")
    form = client.get(reverse(f"{ACCOUNTS}_add")).content.decode()
    assert ">cleo<" in form
    assert client.post(reverse(f"{ACCOUNTS}_add"), {"user": cleo.pk, "plan": plan(4).pk}).status_code == 302
    assert standing_of(cleo).left == 4
    account = CreditAccount.objects.get(user=cleo)
    assert client.post(reverse(f"{ACCOUNTS}_change", args=[account.pk]), {"plan": plan(9).pk}).status_code == 302
    assert standing_of(User.objects.get(pk=cleo.pk)).left == 9


def test_saving_a_form_gives_nothing_back_that_was_spent_meanwhile(client: Client) -> None:
    cleo = curator(daily=3)
    account = CreditAccount.objects.get(user=cleo)
    retouch(cleo, pictures=2)
    work(engines=QUICK)
    client.post(reverse(f"{ACCOUNTS}_change", args=[account.pk]), {"plan": plan(3).pk, "balance": 1000})
    assert standing_of(cleo).left == 1


def test_there_is_one_usual_plan_and_the_form_says_so(client: Client) -> None:
    asked = {"name": "few", "daily": 5, "usual": "on"}
    page = client.post(reverse(f"{PLANS}_add"), asked).content.decode()
    assert "Another plan is the usual one" in page
    page = client.post(reverse(f"{PLANS}_add"), {"name": "few", "daily": 5, "ceiling": 4}).content.decode()
    assert "at least what comes in a day" in page
    assert client.post(reverse(f"{PLANS}_add"), {"name": "few", "daily": 5}).status_code == 302
    assert CreditPlan.objects.get(name="few").most == 5


def test_the_ledger_is_nobody_s_to_change(client: Client, admin_client: Client) -> None:
    retouch(curator(daily=3))
    work(engines=QUICK)
    line = CreditCharge.objects.get()
    assert "cleo" in client.get(reverse(f"{LEDGER}_changelist")).content.decode()
    for browser in (client, admin_client):
        assert browser.get(reverse(f"{LEDGER}_add")).status_code == 403
        assert browser.post(reverse(f"{LEDGER}_change", args=[line.pk]), {"amount": 0}).status_code == 403
        assert browser.post(reverse(f"{LEDGER}_delete", args=[line.pk]), {"post": "yes"}).status_code == 403


def test_curators_look_and_give_themselves_nothing() -> None:
    browser, cleo = Client(), curator(daily=3)
    browser.force_login(cleo)
    account = reverse(f"{ACCOUNTS}_change", args=[CreditAccount.objects.get(user=cleo).pk])
    assert browser.get(account).status_code == 200
    assert browser.post(account, {"plan": ""}).status_code == 403
    assert browser.get(reverse(f"{ACCOUNTS}_add")).status_code == 403
    assert browser.post(reverse(f"{PLANS}_change", args=[plan(3).pk]), {"name": "x", "daily": 99}).status_code == 403
    assert standing_of(cleo).left == 3
