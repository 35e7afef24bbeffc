"""The log as a machine reads it: one JSON object a line."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from garden.ops.logging import logging_settings


@contextmanager
def written(form: str = "json", level: str = "INFO") -> Iterator[io.StringIO]:
    """Everything that any logger writes in the form of production."""
    root = logging.getLogger()
    settings = logging_settings(level=level, form=form, routine=True)
    before = {name: logging.getLogger(name).level for name in settings["loggers"]}
    formatter = logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["line"])
    page = io.StringIO()
    handler = logging.StreamHandler(page)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    root_level = root.level
    root.setLevel(level)
    for name, logger in settings["loggers"].items():
        logging.getLogger(name).setLevel(logger["level"])
    try:
        yield page
    finally:
        root.removeHandler(handler)
        root.setLevel(root_level)
        for name, level_before in before.items():
            logging.getLogger(name).setLevel(level_before)


def lines_of(page: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in page.getvalue().splitlines()]
