"""Kiosks and displays: what they say of themselves, what is alarming, and who is told."""
