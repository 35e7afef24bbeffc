"""One statement that counts, for SQLite and PostgreSQL: nobody reads before somebody else writes."""

TABLE = "garden_ratecount"


def counting(placeholder: str) -> str:
    """Takes name, end of a new window, and three times what is in force: now, now + the window, and both again.

    A window whose end lies further ahead than a whole window is one from before the clock was put back.
    """
    p = placeholder
    ended = f"({TABLE}.ends_at <= {p} OR {TABLE}.ends_at > {p})"
    return (
        f"INSERT INTO {TABLE} (name, count, ends_at) VALUES ({p}, 1, {p}) ON CONFLICT (name) DO UPDATE SET "  # noqa: S608  # A constant.
        f"count = CASE WHEN {ended} THEN 1 ELSE {TABLE}.count + 1 END, "
        f"ends_at = CASE WHEN {ended} THEN excluded.ends_at ELSE {TABLE}.ends_at END "
        "RETURNING count, ends_at"
    )


def clearing(placeholder: str) -> str:
    return f"DELETE FROM {TABLE} WHERE name = {placeholder} RETURNING count"  # noqa: S608  # A constant.


def values(name: str, now: float, seconds: float) -> tuple[str | float, ...]:
    end = now + seconds
    return (name, end, now, end, now, end)
