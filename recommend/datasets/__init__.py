"""Visitors, pictures and likes as files: out to other recommenders, in from other systems."""
