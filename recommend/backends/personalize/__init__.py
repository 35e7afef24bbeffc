"""Amazon Personalize as a recommender."""

from recommend.backends.personalize.recommender import PersonalizeRecommender

__all__ = ["PersonalizeRecommender"]
