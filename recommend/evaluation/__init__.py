"""What another recommender would have been liked, estimated from what was shown and said."""
