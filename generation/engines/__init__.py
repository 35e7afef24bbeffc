"""Picture makers: one role (`Engine`), several backends."""
