#!/usr/bin/env python
"""Django's command line for Emotion Garden."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "garden.settings.local")
    from garden.access.commands import RecordingUtility

    RecordingUtility(sys.argv).execute()


if __name__ == "__main__":
    main()
