"""Fetch pages of the register from their publishers: politely, safely, and to be gone on with.

The only part of Kjelda that reaches another machine, and only when it is asked to.
"""
