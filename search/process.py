"""Processes of our own: the environment they are started in, and the limits they set themselves."""

from __future__ import annotations

import os
import sys


def environment() -> dict[str, str]:
    """This process's environment, with its places to import from: the other runs the same code."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def limit(memory: int, seconds: int | None = None) -> None:
    """Hold this process to bytes of address space, and to seconds of processor time if given."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    wanted = {resource.RLIMIT_AS: memory}
    if seconds is not None:
        wanted[resource.RLIMIT_CPU] = seconds
    for what, bound in wanted.items():
        _, most = resource.getrlimit(what)
        own = bound if most == resource.RLIM_INFINITY else min(bound, most)
        resource.setrlimit(what, (own, most))
