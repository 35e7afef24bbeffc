"""The role of a recommender, and those that play it."""
