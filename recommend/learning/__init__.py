"""The maths of choosing, on numpy arrays: no Django, no I/O. Explained in docs/explanation/recommender.md."""
