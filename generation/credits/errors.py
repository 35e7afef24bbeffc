"""Why a retouch is refused that would be made on any other day."""

from garden.errors import RefusedError


class NoCreditsError(RefusedError):
    """What is asked costs more credits than are left; `left` and `price` tell both."""

    code = "no_credits"
    status = 402

    def __init__(self, *, left: int, wanted: int, daily: int) -> None:
        detail = f"Credits left: {left}; this costs {wanted}. {daily} more come at midnight."
        super().__init__(detail, left=left, price=wanted, daily=daily)
