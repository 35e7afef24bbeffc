"""The recommender that needs nothing but the database: shrunk like-rates with exact exploration."""

from recommend.backends.embedded.recommender import EmbeddedRecommender

__all__ = ["EmbeddedRecommender"]
