"""Visitor groups: generation × gender, each of which may be unknown."""

from garden.vocabulary import Gender, Generation

UNKNOWN = "unknown"
GROUPS = tuple(f"{generation}/{gender}" for generation in (*Generation, UNKNOWN) for gender in (*Gender, UNKNOWN))
UNKNOWN_GROUP = f"{UNKNOWN}/{UNKNOWN}"


def group_of(generation: str, gender: str) -> str:
    """`adult`, `Female` → `adult/Female`; a word that is not of the vocabulary counts as unknown."""
    known_generation = generation if generation in set(Generation) else UNKNOWN
    known_gender = gender if gender in set(Gender) else UNKNOWN
    return f"{known_generation}/{known_gender}"
