from typing import Any

import pytest

from generation.gpu_hosts import HostState, check_host_controller, get_host_controller

EC2 = "generation.ec2_hosts.EC2HostController"


def test_nothing_is_switched_by_default() -> None:
    hosts = get_host_controller()
    hosts.start()
    hosts.stop()
    assert hosts.status().state is HostState.UNMANAGED
    assert check_host_controller() == []


def test_the_setting_names_another_controller(settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = {"BACKEND": EC2, "OPTIONS": {"instances": ["i-1"]}}
    assert type(get_host_controller()).__name__ == "EC2HostController"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ({"BACKEND": EC2}, "needs the option instances"),
        ({"BACKEND": EC2, "OPTIONS": {"instances": ["i-1"], "colour": 1}}, "unknown options colour"),
        ({"BACKEND": "generation.gpu_hosts.NoHostController", "OPTIONS": {"instances": ["i-1"]}}, "unknown options"),
    ],
)
def test_a_check_says_what_is_wrong(entry: dict[str, Any], complaint: str, settings: Any) -> None:
    settings.GPU_HOST_CONTROLLER = entry
    (message,) = check_host_controller()
    assert complaint in message.msg
