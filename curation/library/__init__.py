"""The lists of pictures that curators work with."""
