"""Somebody who opens every page there is, however oddly: what is found by the urls alone, so that new pages are too."""
