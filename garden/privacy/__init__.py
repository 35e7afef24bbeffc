"""What visitors are told and asked before a face is read, who is not read, and how long anything of them is kept."""
