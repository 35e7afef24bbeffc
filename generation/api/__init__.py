"""REST routes of picture making: for curators and their programs."""
