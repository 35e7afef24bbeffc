"""Credits that come each day. Pure arithmetic: dates and numbers in, numbers out."""

from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def refilled(balance: int, day: date | None, today: date, *, daily: int, most: int) -> int:
    """The balance of `day` as it is today: `daily` for each day since, up to `most`. What is above it already stays.

    An account that was never filled (`day` is None) begins with one day's credits.
    """
    days = 1 if day is None else (today - day).days
    if days <= 0:
        return balance
    return max(balance, min(balance + days * daily, most))


def credited_until(day: date | None, today: date) -> date:
    """The day to write down: never back by one, as a site's time zone may go; a clock far ahead is corrected."""
    return max(day, today) if day is not None and day <= today + ONE_DAY else today
