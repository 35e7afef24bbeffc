"""How well a face analyzer reads labelled photographs. Plain Python and numpy; knows no Django."""
