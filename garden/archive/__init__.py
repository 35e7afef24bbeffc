"""Backup and restore: pictures and rows, each with its SHA-256, from any site to any other."""
