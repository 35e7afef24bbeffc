"""The garden's REST routes: reading a face, listing pictures."""
