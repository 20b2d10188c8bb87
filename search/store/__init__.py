"""Stores: the truth in SQLite, and the search indexes that derive from it."""
