"""Pictures that look almost the same: found by an index, shown together, decided together."""
