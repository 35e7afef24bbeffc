"""What is shown on the walls of a zone, what plays there, and the manifest that a wall follows."""
