"""Background work has an end: tasks that hang are broken off, tasks that want too much memory fail alone.

Celery's own limits need a pool of child processes. A worker here is one process, so the settings of the same names are
kept by the kernel's clock and the kernel's count of memory.
"""
