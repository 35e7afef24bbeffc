"""Who may come in: staff with two factors, devices with their keys; and the audit log of what staff did."""
