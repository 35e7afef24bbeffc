"""What the garden tells rooms it does not know."""

from django.dispatch import Signal

server_started = Signal()
"""A web process is about to take requests: load now what the first visitor would otherwise wait for."""

picture_decoded = Signal()
"""A picture was decoded for its thumbnail: `image`, and `small` (RGB, at most 320 px); in one transaction with it."""

keys_in_work = Signal()
"""Files lie under `keys` that no row speaks of: receivers return those they are writing or deleting at this moment."""

retired_keys = Signal()
"""Pictures are about to be made under `keys` without anybody asking: receivers return those removed for good."""

visits_unmade = Signal()
"""`visitors` (a queryset) were never here, as after a rehearsal: receivers delete all that came from them."""
