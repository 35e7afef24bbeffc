"""Words read in a picture, with how sure the reader is of each."""
