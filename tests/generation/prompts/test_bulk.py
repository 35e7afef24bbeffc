"""The prompt of a bulk picture, as API.md writes it."""

import pytest

from generation.prompts.templates import bulk_prompt


@pytest.mark.parametrize(
    ("parts", "prompt"),
    [
        (("happy", "cat", "flowers, watercolor"), "happy, cat, flowers, watercolor"),
        (("happy", "", "flowers"), "happy, flowers"),
        (("happy", "spring,cloudy,day", ""), "happy, spring,cloudy,day"),
        (("  sad ", " ", " rain "), "sad, rain"),
        (("calm",), "calm"),
        (("", "", ""), ""),
    ],
)
def test_it_joins_the_parts_that_say_something(parts: tuple[str, ...], prompt: str) -> None:
    assert bulk_prompt(*parts) == prompt
