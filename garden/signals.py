"""What the garden tells rooms it does not know."""

from django.dispatch import Signal

server_started = Signal()
"""A web process is about to take requests: load now what the first visitor would otherwise wait for."""
