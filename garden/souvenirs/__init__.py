"""Souvenirs: a picture at a short random address that identifies no visitor."""
