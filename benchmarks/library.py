"""How fast the library is among a million pictures: its first screen, search, and a bulk edit, over HTTP.

    python -m benchmarks.library [--sizes 1000000] [--requests 20]

Scratch databases and server as in `benchmarks.review`. The peer, in the same run over the same rows, is a search
without an index (`icontains`). What a browser does while it scrolls the same grid: `benchmarks.review`.
"""

import argparse
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.review import DECISIONS, Client, Figure, print_row, review_server

SEARCHES = {
    "a word of every picture": "garden",
    "a word of a fifth": "cat",
    "two words": "cat sad",
    "a word of one picture": "777",
    "a word of none": "zeppelin",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000], metavar="IMAGES")
    parser.add_argument("--requests", type=int, default=20, help="of each kind")
    arguments = parser.parse_args()
    for size in arguments.sizes:
        for figure in measure(size, arguments.requests):
            print_row(figure)


def measure(images: int, requests: int) -> Iterator[Figure]:
    with review_server(images) as (port, session):
        client = Client(port, session)
        for name, path in _reads(client.newest()):
            yield {"images": images, "what": name, **client.time(path, requests)}
        edited = client.label(client.newest(), ["calm", "sad", "fear", "angry", "happy"])
        yield {"images": images, "what": f"{DECISIONS:,} pictures get another emotion", **edited}


def _reads(newest: int) -> Iterator[tuple[str, str]]:
    library = "/admin/curation/library/"
    yield "first screen, state pool", f"{library}?state=pool"
    yield "first screen, calm, words: cat", f"{library}?{urlencode({'state': 'pool', 'emotion': 'calm', 'q': 'cat'})}"
    yield "first screen, all states, liked", f"{library}?state=all&verdict=like"
    yield "all states, page 1", "/curation/images?limit=60&state=all"
    yield "all states, search: two words", f"/curation/images?limit=60&{urlencode({'state': 'all', 'q': 'cat sad'})}"
    yield "search by likeness", f"/curation/images?limit=60&like={newest - 40}"
    for name, words in SEARCHES.items():
        query = urlencode({"q": words})
        yield f"search: {name}", f"/curation/images?limit=60&{query}"
        yield f"peer, icontains: {name}", f"/peer/search?{query}"


if __name__ == "__main__":
    main()
