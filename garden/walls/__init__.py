"""What hangs on the walls of a zone, what plays there, and how a wall is told."""
