"""Says what is wrong with a site, in words, and what to do: `manage.py doctor`.

A room asks its own questions in `doctor.py` (or a package of that name), which is imported when the doctor comes.
"""

from garden.doctor import database, devices, faces, files, safety, work

__all__ = ["database", "devices", "faces", "files", "safety", "work"]
