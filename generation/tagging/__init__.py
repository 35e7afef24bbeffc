"""Words that describe a picture, each with a score."""
