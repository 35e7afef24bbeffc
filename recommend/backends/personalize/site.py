"""The Personalize of this site, for commands."""

from django.conf import settings

from garden.backends import build_backend
from garden.errors import MisconfiguredError
from recommend.backends.base import Recommender
from recommend.backends.personalize.recommender import PersonalizeRecommender


def site_personalize() -> PersonalizeRecommender:
    """The champion or the challenger of the settings, whichever is Personalize. Raises MisconfiguredError."""
    for setting in ("RECOMMENDER", "RECOMMENDER_CHALLENGER"):
        entry = getattr(settings, setting)
        if entry.get("BACKEND"):
            found = build_backend(setting, entry, Recommender)
            if isinstance(found, PersonalizeRecommender):
                return found
    raise MisconfiguredError("Neither RECOMMENDER nor RECOMMENDER_CHALLENGER is Personalize.")
