"""Backup and restore: pictures and rows, each checked by SHA-256, from any site to any other."""
