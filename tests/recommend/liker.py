"""A process of its own that likes: `python -m tests.recommend.liker VISITOR TIMES KEY…`.

It says `ready`, waits for a line, likes each of the keys so many times, and says `done`.
"""

import sys

import django


def main(visitor: str, times: int, keys: list[str]) -> None:
    django.setup()
    from recommend.services.likes import Like, record_like

    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    for number in range(times):
        for key in keys:
            record_like(like=Like(visitor_id=f"{visitor}-{number}", item=key, impression=keys))
    print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
