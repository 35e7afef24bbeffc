"""Off-policy evaluation of recommenders from logged slates, and trials."""
