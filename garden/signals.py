"""Signals to apps that the garden does not know."""

from django.dispatch import Signal

server_started = Signal()
"""A web process is about to take requests: load now what the first visitor would otherwise wait for."""

server_warms_up = Signal()
"""A web process takes requests: load beside them what takes the longer the larger the site is. Sent in a thread."""

picture_decoded = Signal()
"""A picture was decoded for its thumbnail: `image`, and `small` (RGB, at most 320 px); in one transaction with it."""

keys_in_work = Signal()
"""Files under `keys` have no row: receivers return those they are writing or deleting at this moment."""

abandoned_keys = Signal()
"""Files under `keys` have no row: receivers return those that their own work left behind."""

files_of_nobody = Signal()
"""Storage is compared with the database: receivers yield files (StoredFile) that no row of theirs owns."""

retired_keys = Signal()
"""Pictures are about to be made under `keys` without a request: receivers return the purged ones."""

visits_unmade = Signal()
"""`visitors` (a queryset) were never here, as after a rehearsal: receivers delete all that came from them."""

retention_due = Signal()
"""`days` (garden.privacy.packs.Days) are how long things are kept: receivers return a list of their `Sweep`s."""

visitor_asked = Signal()
"""The data of `visitor` is exported: receivers return `{name: [row, …]}` of rows without a foreign key to it."""
