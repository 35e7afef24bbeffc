"""Tools that no site runs: they make what the garden is built with."""
