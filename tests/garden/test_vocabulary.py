import pytest

from garden.vocabulary import Generation


@pytest.mark.parametrize(
    ("low", "high", "generation"),
    [
        (0, 10, "toddler"),
        (4, 8, "child"),
        (13, 21, "teenager"),
        (18, 19, "young-adult"),
        (24, 26, "young-adult"),
        (25, 27, "adult"),
        (40, 58, "adult"),
        (60, 68, "middle-age"),
        (65, 66, "elder"),
        (70, 90, "elder"),
    ],
)
def test_it_takes_the_generation_of_the_middle_of_the_age_range(low: int, high: int, generation: str) -> None:
    assert Generation.of_age_range(low, high) == generation
