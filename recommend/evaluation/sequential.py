"""A bound that may be looked at after every visitor. Plain numpy, no Django.

An ordinary interval is right once; one that is looked at every minute until it says stop says stop in the end, of
anything. The asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021, "Time-uniform
central limit theory and asymptotic confidence sequences", theorem 2.2) holds at all times at once:

    mean ± σ · √( 2(nρ² + 1) / (n²ρ²) · log( √(nρ² + 1) / α ) )
"""

import math


def reach(deviation: float, people: int, *, tightest_at: int, level: float = 0.95) -> float:
    """Half the width of the interval for a mean whose standard error is `deviation` after so many `people`.

    `tightest_at` is the number of people at which the decision is expected; ρ is chosen for it.
    """
    alpha = 1 - level
    rho = math.sqrt((-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tightest_at)
    grown = people * rho**2 + 1
    return deviation * math.sqrt(2 * grown / (people * rho**2) * math.log(math.sqrt(grown) / alpha))
