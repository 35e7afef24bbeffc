"""Staff prove a second factor before anything of theirs opens."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from garden.access.two_factor import codes_left, has_factor, make_codes
from tests.garden.access.people import shown_on_phone, sign_in, staff_member, with_phone

pytestmark = pytest.mark.django_db
STAFF_ONLY = ["/admin/", "/admin/garden/image/", "/admin/curation/review/", "/admin/curation/make/"]
STAFF_ROUTES = ["/curation/images", "/jobs", "/curation/counts"]


@pytest.fixture
def ann() -> User:
    return staff_member("ann")


@pytest.fixture
def _required(settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"


@pytest.mark.usefixtures("_required")
def test_a_password_alone_opens_no_page_no_route_and_no_kiosk(client: Client, ann: User, settings: Any) -> None:
    settings.KIOSK_ACCESS = "keys"
    sign_in(client)
    for path in STAFF_ONLY:
        assert client.get(path).headers["Location"].startswith("/admin/login/"), path
    for path in STAFF_ROUTES:
        assert client.get(path).status_code in (401, 403), path
    assert client.post("/gardenfromDB", {"emotion": "calm"}, content_type="application/json").status_code == 401


@pytest.mark.usefixtures("_required")
def test_who_has_no_phone_yet_sets_one_up(client: Client, ann: User) -> None:
    sign_in(client, path="/admin/garden/kiosk/")
    page = client.get("/admin/garden/kiosk/", follow=True)
    shown = page.content.decode()
    assert 'src="data:image/svg+xml' in shown
    code = shown_on_phone(ann, confirmed=False)
    kept = client.post(page.redirect_chain[-1][0], {"code": code})
    codes = re.findall(r"<code>([A-Z0-9-]{14})</code>", kept.content.decode())
    assert len(set(codes)) == 10
    assert 'href="/admin/garden/kiosk/"' in kept.content.decode()
    assert client.get("/admin/garden/kiosk/").status_code == 200


@pytest.mark.usefixtures("_required")
def test_a_wrong_code_sets_nothing_up(client: Client, ann: User) -> None:
    sign_in(client)
    right = int(shown_on_phone(ann, confirmed=False)) if client.get("/admin/second-factor/").content else 0
    answer = client.post("/admin/second-factor/", {"code": f"{(right + 1) % 1_000_000:06d}"})
    assert answer.status_code == 400
    assert not has_factor(ann)


def test_who_has_a_phone_is_asked_even_where_it_is_optional(client: Client, ann: User) -> None:
    with_phone(ann)
    sign_in(client)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/admin/second-factor/")
    answer = client.post("/admin/second-factor/?next=/admin/garden/kiosk/", {"code": shown_on_phone(ann)})
    assert answer.headers["Location"] == "/admin/garden/kiosk/"
    assert client.get("/admin/").status_code == 200


def test_who_has_none_may_do_without_where_it_is_optional(client: Client, ann: User) -> None:
    sign_in(client)
    assert client.get("/admin/").status_code == 200


def test_the_digits_count_once_and_give_the_session_another_key(client: Client, ann: User) -> None:
    with_phone(ann)
    code = shown_on_phone(ann)
    sign_in(client)
    before = client.session.session_key
    client.post("/admin/second-factor/", {"code": code})
    assert client.session.session_key != before
    other = Client()
    sign_in(other)
    assert other.post("/admin/second-factor/", {"code": code}).status_code == 400


def test_after_a_wrong_code_the_right_one_waits(client: Client, ann: User) -> None:
    with_phone(ann)
    sign_in(client)
    code = shown_on_phone(ann)
    client.post("/admin/second-factor/", {"code": f"{(int(code) + 1) % 1_000_000:06d}"})
    assert client.post("/admin/second-factor/", {"code": code}).status_code == 400


def test_proof_ends_with_the_phone(client: Client, ann: User, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = "required"
    with_phone(ann)
    sign_in(client)
    client.post("/admin/second-factor/", {"code": shown_on_phone(ann)})
    TOTPDevice.objects.all().delete()
    assert client.get("/admin/").status_code == 302


def test_a_recovery_code_opens_once_and_is_kept_as_a_hash(client: Client, ann: User) -> None:
    codes = make_codes(with_phone(ann))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}
    code = codes[0]
    sign_in(client)
    assert client.post("/admin/second-factor/", {"code": code.lower()}).status_code == 302
    assert client.get("/admin/").status_code == 200
    assert codes_left(ann) == 9
    assert "Recovery codes left: 9" in client.get("/admin/second-factor/").content.decode()
    assert client.post("/admin/second-factor/codes/", {"code": "000000x"}).status_code == 400
    other = Client()
    sign_in(other)
    assert other.post("/admin/second-factor/", {"code": code}).status_code == 400


def test_another_phone_takes_the_place_of_the_first(client: Client, ann: User) -> None:
    codes = make_codes(with_phone(ann))
    before = TOTPDevice.objects.get(user=ann).pk
    sign_in(client)
    client.post("/admin/second-factor/", {"code": codes[0]})
    client.post("/admin/second-factor/replace/", {"code": codes[1]})
    client.get("/admin/second-factor/replace/")
    done = client.post("/admin/second-factor/replace/", {"code": shown_on_phone(ann, confirmed=False)})
    assert done.status_code == 200
    assert [device.pk != before for device in TOTPDevice.objects.filter(user=ann)] == [True]
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"])
def test_proof_leads_nowhere_else(client: Client, ann: User, elsewhere: str) -> None:
    with_phone(ann)
    sign_in(client)
    answer = client.post("/admin/second-factor/?next=" + elsewhere, {"code": shown_on_phone(ann)})
    assert answer.headers["Location"] == "/admin/"


def test_its_pages_are_closed_to_anonymous_users(client: Client) -> None:
    for page in ("", "codes/", "replace/"):
        assert client.get(f"/admin/second-factor/{page}").headers["Location"] == "/admin/login/"


def test_a_lost_phone_is_removed_at_the_command_line(ann: User) -> None:
    make_codes(with_phone(ann))
    call_command("staff_access", "remove-factor", "ann")
    assert (has_factor(ann), codes_left(ann)) == (False, 0)
    with pytest.raises(CommandError, match="no account named"):
        call_command("staff_access", "remove-factor", "ben")


def test_an_administrator_removes_a_lost_phone_and_never_sees_its_secret(admin_client: Client, ann: User) -> None:
    with_phone(ann)
    assert "otp" not in admin_client.get("/admin/").content.decode()
    assert admin_client.get("/admin/otp_totp/totpdevice/").status_code == 404
    admin_client.post("/admin/auth/user/", {"action": "take_second_factor_away", "_selected_action": [ann.pk]})
    assert not has_factor(ann)
