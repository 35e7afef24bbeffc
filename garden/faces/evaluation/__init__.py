"""Accuracy of a face analyzer on labelled photographs. Plain Python and numpy, without Django."""
