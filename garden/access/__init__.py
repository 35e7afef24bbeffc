"""Who may come in: staff with two factors, devices with their keys; and the trail of what staff did."""
