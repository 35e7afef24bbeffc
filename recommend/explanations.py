"""The dashboard's figures in sentences: why a picture is liked as it is, and how the garden does since before."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from garden.models import Image
from garden.models.choices import GENDERS, GENERATIONS
from recommend.evaluation.estimators import Rate, difference
from recommend.models import Arm, Coverage, DailyTally, ImageRate
from recommend.models.coverage import DAYS

LEAST_OF_GROUP = 5
"""A group that saw a picture less often is not named."""
Kind = tuple[str, str]
"""Emotion and favorite."""


def explain_pictures(images: Sequence[Image], kinds: Mapping[Kind, Rate]) -> dict[int, list[str]]:
    """Two sentences by image id: what it shows and how that is liked, then who liked it and how sure that is.

    `kinds` are the like-rates of all pictures by emotion and favorite.
    """
    rates: defaultdict[int, dict[str, Rate]] = defaultdict(dict)
    rows = ImageRate.objects.filter(image__in=images).values_list("image_id", "group", "shown", "liked")
    for image_id, group, shown, liked in rows:
        rates[image_id][group] = Rate(liked, shown)
    return {image.pk: [_what_it_shows(image, kinds), _who_liked_it(rates[image.pk])] for image in images}


def _what_it_shows(image: Image, kinds: Mapping[Kind, Rate]) -> str:
    own = kinds.get((image.emotion, image.favorite), Rate(0, 0))
    others = _sum(
        rate for (emotion, favorite), rate in kinds.items() if emotion == image.emotion and favorite != image.favorite
    )
    shows = " · ".join(filter(None, (str(image.get_emotion_display()), image.favorite)))
    if not others.tries:
        return _("It shows {what}: visitors like such pictures in {share} of {views} views.").format(
            what=shows, share=_percent(own.value), views=own.tries
        )
    return _(
        "It shows {what}: visitors like such pictures in {share} of {views} views, "
        "other pictures of this mood in {other}."
    ).format(what=shows, share=_percent(own.value), views=own.tries, other=_percent(others.value))


def _who_liked_it(groups: Mapping[str, Rate]) -> str:
    own = _sum(groups.values())
    known = {name: rate for group, rate in groups.items() if rate.tries >= LEAST_OF_GROUP and (name := _name(group))}
    fondest = max(known, key=lambda name: known[name].low, default="")
    if fondest and known[fondest].hits:
        words = _(
            "It was liked in {liked} of {views} views, most often by this group: {group}. "
            "The true share is between {low} and {high} (95 %)."
        )
    else:
        words = _("It was liked in {liked} of {views} views. The true share is between {low} and {high} (95 %).")
    return words.format(liked=own.hits, views=own.tries, group=fondest, low=_percent(own.low), high=_percent(own.high))


def explain_change(now: Iterable[DailyTally], before: Iterable[DailyTally], days: int) -> str:
    """How often slates were liked, how that changed, and how many were random; empty where nothing was shown."""
    arms = _by_arm(now)
    rate, past = _sum(arms.values()), _sum(_by_arm(before).values())
    if not rate.tries:
        return ""
    random = _percent(arms.get(Arm.HOLDOUT, Rate(0, 0)).tries / rate.tries)
    if not past.tries:
        return _("Visitors liked something in {share} of the slates. {random} of the slates were random.").format(
            share=_percent(rate.value), random=random
        )
    change = difference(rate, past)
    points = {name: f"{100 * getattr(change, name):+.1f}" for name in ("value", "low", "high")}
    return _(
        "Visitors liked something in {share} of the slates: {value} points against the {days} days before "
        "(95 %: {low} to {high}). {random} of the slates were random."
    ).format(share=_percent(rate.value), days=days, random=random, **points)


def explain_coverage(coverage: Coverage | None, monthly: int) -> str:
    """How many pictures the coverage promise holds for, and what it costs; empty without one."""
    if coverage is None or not monthly:
        return ""
    words = _(
        "{covered} of {pictures} published pictures were shown at least {monthly} times in the last {days} days. "
        "To show the others as often takes {share} of all places and costs about {points} points of likes."
    )
    taken = min(coverage.missing / coverage.shown, 1.0) if coverage.shown else None
    return words.format(
        covered=coverage.covered,
        pictures=coverage.pictures,
        monthly=monthly,
        days=DAYS,
        share=_percent(taken),
        points=f"{100 * coverage.cost:.1f}",
    )


def _by_arm(tallies: Iterable[DailyTally]) -> dict[str, Rate]:
    hits, tries = Counter[str](), Counter[str]()
    for tally in tallies:
        for arm, _emotion, _group, slates, liked in tally.slates:
            hits[arm] += liked
            tries[arm] += slates
    return {arm: Rate(hits[arm], count) for arm, count in tries.items()}


def _sum(rates: Iterable[Rate]) -> Rate:
    found = list(rates)
    return Rate(sum(rate.hits for rate in found), sum(rate.tries for rate in found))


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _name(group: str) -> str:
    """The parts of a visitor group that are known."""
    generation, _slash, gender = group.partition("/")
    parts = (dict(GENERATIONS).get(generation, ""), dict(GENDERS).get(gender, ""))
    return ", ".join(str(part) for part in parts if part)
