"""Where pictures lie: the layout of keys, files and URLs."""
