"""An opening day against a running server: synthetic visitors at kiosks, and walls that follow. Knows no Django."""
