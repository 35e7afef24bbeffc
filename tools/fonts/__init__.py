"""The web fonts in `garden/static/garden/fonts`, cut out of the Noto fonts."""
