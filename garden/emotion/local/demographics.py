"""Age range and gender from two networks: face-api's (age in years, gender) and faceres (100 age bins, gender)."""

from dataclasses import dataclass

import numpy as np

from garden.emotion.local.calibration import Calibration, calibration
from garden.emotion.local.networks import Networks, Tensor
from garden.emotion.local.portrait import Portrait
from garden.vocabulary import Gender

AGE_SIDE, AGE_CROP = 112, 0.95
DESCRIPTION_SIDE, DESCRIPTION_CROP = 160, 1.2
"""faceres was made for 224; at 160 it costs half and tells gender as well."""

REGRESSED = 0.85
"""Weight of face-api's age: on photographs of people of known age it errs by under 7 years, faceres' mean by 10."""

SPREAD = 0.6
LEAST_HALF, MOST_HALF = 3.0, 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What faceres says: `ages` is a distribution over 0 … 99 years, `male` a probability, `features` 1024 numbers."""

    ages: Tensor
    male: float
    features: Tensor


def describe(networks: Networks, portrait: Portrait) -> Description:
    picture = portrait.tensor(DESCRIPTION_CROP, DESCRIPTION_SIDE)[None]
    ages, gender, features = networks.run("faceres", ["ages", "gender", "features"], picture)
    return Description(ages[0], float(gender[0, 0]), features[0])


@dataclass(frozen=True, slots=True)
class Demographics:
    age_low: int
    age_high: int
    gender: Gender


def read_demographics(networks: Networks, portrait: Portrait, description: Description) -> Demographics:
    age, other_male = read_age_and_gender(networks, portrait)
    low, high = age_range(age_guess(age, description.ages))
    male = (other_male + description.male) / 2
    return Demographics(low, high, Gender.MALE if male > 0.5 else Gender.FEMALE)


def read_age_and_gender(networks: Networks, portrait: Portrait) -> tuple[float, float]:
    """face-api's age in years, and its probability of male."""
    picture = portrait.tensor(AGE_CROP, AGE_SIDE)[None]
    age, gender = networks.run("age_gender", ["age", "gender"], picture)
    return float(age[0, 0]), float(gender[0, 0])


def age_range(guess: tuple[float, float], numbers: Calibration | None = None) -> tuple[int, int]:
    """Whole years, low < high, around an `age_guess`: as wide as holds the age of four people of five."""
    middle, doubt = guess
    half = doubt * (numbers or calibration()).age_width
    low = max(0, round(middle - half))
    return low, max(low + 1, round(middle + half))


def age_guess(regressed: float, ages: Tensor) -> tuple[float, float]:
    """An age, and half of how wide faceres is unsure of it; narrower for children."""
    years = np.arange(len(ages))
    mean = float(ages @ years)
    deviation = float(np.sqrt(ages @ (years - mean) ** 2))
    middle = max(1.0, REGRESSED * regressed + (1 - REGRESSED) * mean)
    return middle, min(max(SPREAD * deviation, LEAST_HALF), MOST_HALF, LEAST_HALF + middle / 4)
