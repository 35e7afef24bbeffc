"""The same recipe on many pictures."""
