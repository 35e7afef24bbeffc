"""The operator hears when phones would not find the garden."""

from typing import Any

import pytest

from garden.checks import check_public_url, check_public_url_is_set
from garden.souvenirs.links import is_only_here, network_url


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:8000", "garden.example"])
def test_an_address_that_leads_a_phone_to_itself_is_warned_of(settings: Any, url: str) -> None:
    settings.PUBLIC_URL = url
    assert [message.id for message in check_public_url()] == ["garden.public_url_only_here"]


@pytest.mark.parametrize("url", ["", "https://garden.example", "http://192.168.1.20:8000"])
def test_any_other_is_fine(settings: Any, url: str) -> None:
    settings.PUBLIC_URL = url
    assert check_public_url() == []


def test_before_opening_a_site_it_is_missed(settings: Any) -> None:
    settings.PUBLIC_URL = ""
    assert [message.id for message in check_public_url_is_set()] == ["garden.public_url_missing"]


def test_a_server_that_listens_to_itself_is_not_for_phones() -> None:
    assert network_url("127.0.0.1", 8000) == ""


@pytest.mark.parametrize(
    ("host", "url"), [("192.168.1.20", "http://192.168.1.20:8000"), ("fd00::20", "http://[fd00::20]:8000")]
)
def test_one_that_listens_on_an_address_of_the_network_is_found_there(host: str, url: str) -> None:
    assert network_url(host, 8000) == url


@pytest.mark.parametrize("host", ["192.168.1.20", "0.0.0.0"])
def test_phones_are_not_sent_where_allowed_hosts_refuses_them(host: str, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    assert network_url(host, 8000) == ""


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_one_that_listens_to_everybody_is_found_by_phones_in_its_network(host: str) -> None:
    url = network_url(host, 8000)
    assert url == "" or (not is_only_here(url) and url.endswith(":8000"))
