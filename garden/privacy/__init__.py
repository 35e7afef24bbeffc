"""Notice and consent before a face is read, where no face is read, and how long data of visitors is kept."""
