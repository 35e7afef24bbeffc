import re

import pytest

from garden.vocabulary import Emotion
from generation.prompts.templates import Axis, OwnTemplate, Template, own_templates

OWN = list(own_templates())


def name_of(own: OwnTemplate) -> str:
    return f"{own.emotion}-{own.order}"


def test_every_emotion_has_several_in_order() -> None:
    for emotion in Emotion:
        assert [own.order for own in OWN if own.emotion == emotion] == [0, 1, 2, 3]


def test_no_two_are_alike() -> None:
    assert len({own.text for own in OWN}) == len(OWN)


@pytest.mark.parametrize("own", OWN, ids=name_of)
def test_each_is_open_on_every_axis_and_says_what_not_to_show(own: OwnTemplate) -> None:
    Template(own.text).check()
    assert sorted(re.findall(r"\[([A-Z]+)\]", own.text)) == sorted(Axis)
    assert not [phrase for phrase in own.text.split(",") if phrase.count("[") > 1]
    assert "watermark" in own.negative


@pytest.mark.parametrize("own", OWN, ids=name_of)
def test_each_reads_well_with_nothing_chosen_and_fits_the_encoder_with_everything(own: OwnTemplate) -> None:
    template = Template(own.text)
    assert len(template.fill({Axis.EMOTION: "calm"}).split()) >= 8
    assert len(template.fill(dict.fromkeys(Axis, "hummingbird")).split()) <= 50
