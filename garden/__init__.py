"""The garden itself: what visitors meet, and the Django project package."""
