"""A Django process beside a site under test, which runs lines of Python and answers what they print.

It starts with the first line: starting takes longer than what is asked of it.
"""

import json
import subprocess
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO


class Shell:
    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._process: subprocess.Popen[str] | None = None

    def ask(self, python: str) -> str:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.shell"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(python), file=self._process.stdin, flush=True)
        printed, error = json.loads(self._process.stdout.readline())
        assert not error, error
        return str(printed).strip()

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate()


def main() -> None:
    import django
    from django.db import connections

    django.setup()
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        error = ""
        with redirect_stdout(StringIO()) as printed:
            try:
                exec(json.loads(line), {})
            except Exception:
                error = traceback.format_exc()
        connections.close_all()
        print(json.dumps([printed.getvalue(), error]), file=answers, flush=True)


if __name__ == "__main__":
    main()
