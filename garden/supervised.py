"""The web server's way in beside a supervisor: a server that is killed leaves no process holding its port."""

import signal

from garden.tether import die_with_parent

die_with_parent(signal.SIGKILL)

from garden.wsgi import application  # noqa: E402

__all__ = ["application"]
