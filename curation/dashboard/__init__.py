"""Figures for curators and operators: stock, keep-rates, likes, the queue, and decisions by curator."""
