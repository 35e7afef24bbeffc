"""The role of a recommender, and its backends."""
