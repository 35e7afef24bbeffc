"""REST routes of the recommender."""
