"""Changing a part of a picture: crop, mask, repaint, paste back."""
