"""The recommender that needs nothing but the database: a Bayesian slate model that follows the ledger."""

from recommend.backends.embedded.recommender import EmbeddedRecommender

__all__ = ["EmbeddedRecommender"]
