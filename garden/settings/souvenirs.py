"""How long a souvenir's short link leads to its picture."""

from garden.settings.env import env_int

SOUVENIR_DAYS = env_int("SOUVENIR_DAYS", 90, minimum=1)
