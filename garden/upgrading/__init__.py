"""Upgrades while visitors are there: what a migration may do, and from which releases one upgrades."""
