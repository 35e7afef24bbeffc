"""PostgreSQL: the `ENGINE` of a server database."""
