"""The database's content as lines that every database reads back."""
