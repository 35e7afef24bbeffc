"""What a bucket tells of its objects, heard from a queue."""

from garden.storage.events.applying import apply_keys
from garden.storage.events.consuming import Consumed, carry_out, consume
from garden.storage.events.reading import UnreadableMessageError, keys_in

__all__ = ["Consumed", "UnreadableMessageError", "apply_keys", "carry_out", "consume", "keys_in"]
