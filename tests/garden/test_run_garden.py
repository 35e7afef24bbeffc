import socket

import pytest
from django.core.management import CommandError, call_command


def test_it_says_that_the_port_is_taken_before_it_prepares_anything() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(CommandError, match=f"Port {port} of 127.0.0.1 .* Address already in use"):
            call_command("run_garden", "--port", port)


@pytest.mark.parametrize("port", ["abc", "0", "80000"])
def test_it_refuses_what_is_not_a_port(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CommandError, match=f"'{port}' is not a port"):
        call_command("run_garden")
