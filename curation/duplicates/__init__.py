"""Near duplicates: pictures that look almost the same, found by an index, shown in groups, resolved by curators."""
