"""Why a rehearsal cannot begin."""


class CannotRehearseError(Exception):
    """Its text is a sentence for the operator."""
