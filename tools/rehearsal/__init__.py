"""The traffic of an opening day: synthetic visitors at kiosks, and walls, against a running server. Knows no Django."""
