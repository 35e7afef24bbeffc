"""How the numbers of `calibration.npz` were found. Needs scipy and a folder of labelled photographs; the product
needs neither."""
