"""The recommender that needs only the database: a Bayesian slate model that learns from the ledger."""

from recommend.backends.embedded.recommender import EmbeddedRecommender

__all__ = ["EmbeddedRecommender"]
