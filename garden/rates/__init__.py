"""How often something happened lately, counted by all processes together."""
