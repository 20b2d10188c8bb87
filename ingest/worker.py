"""A process of its own that extracts documents: ``python -m ingest.worker``.

It reads requests on standard input and answers on standard output. Only Kjelda starts it, and it
talks to no one else. What a hostile file can do to it ends with it: it has a limit of memory, and
ingest.readers ends it when it takes too long.
"""

from __future__ import annotations

import os
import sys

from ingest.work import MEMORY, Request, read, receive, send
from search.process import limit


def main() -> None:
    """Answer until the other side closes."""
    limit(MEMORY)
    # What a library prints must not get between the messages.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    while True:
        try:
            request = receive(sys.stdin.buffer)
        except EOFError:
            return
        assert isinstance(request, Request)
        send(answers, read(request))


if __name__ == "__main__":
    main()
