"""Bring it in: read, extract, chunk, plan and sync."""
