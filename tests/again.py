"""pytest, and what failed once more, each test alone in a process of its own: `python -m tests.again -n 2 …`.

Browsers, servers and brokers run beside the tests, on machines that others use as well. A rule that is broken fails
alone, too; a test that was merely short of a processor passes, and is named so that somebody looks at it. Where many
failed nothing is tried again, nor where pytest itself went wrong.
"""

import json
import subprocess
import sys
from pathlib import Path

FAILED = 1
"""pytest's exit status when it ran to its end and tests failed."""
MOST = 5
LAST_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def main(arguments: list[str]) -> int:
    LAST_FAILED.unlink(missing_ok=True)
    status = _pytest(arguments)
    failed = list(json.loads(LAST_FAILED.read_text(encoding="utf-8"))) if status == FAILED else []
    if not 1 <= len(failed) <= MOST:
        return status
    sys.stderr.write(f"\nOnce more, alone: {len(failed)}\n")
    alone = ["-p", "no:cacheprovider", *_plugins(arguments)]
    unsteady = [test for test in failed if not _pytest([*alone, test])]
    for test in unsteady:
        sys.stderr.write(f"UNSTEADY: failed among the others, passed alone: {test}\n")
    return 0 if unsteady == failed else status


def _plugins(arguments: list[str]) -> list[str]:
    """What pytest was told to load it needs again."""
    named = (place for place, argument in enumerate(arguments) if argument == "-p")
    return [part for place in named for part in arguments[place : place + 2]]


def _pytest(arguments: list[str]) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
