"""The REST routes of choosing: a garden for a visitor, and what they like of it."""
