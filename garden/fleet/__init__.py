"""Kiosks and displays: their heartbeats, the rules of alarms, and their delivery by webhook and mail."""
