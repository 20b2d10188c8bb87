"""Extraction on several cores, with a limit of time: worker processes behind threads.

Small text is extracted right here; a PDF, a page or anything large goes to a worker. One that
takes too long, or dies, costs the file it was at and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import PurePosixPath
from types import TracebackType

from ingest.read import SourceFile
from ingest.work import Reply, Request, read, receive, send
from search.process import environment

SECONDS = 900.0  # for one file; a large one takes two minutes, a scan 3 s a page
_MOST = 4  # workers; the model needs cores too
_LIGHT = frozenset({".md", ".markdown", ".txt", ".text"})
_SMALL = 1_000_000  # bytes


class Readers:
    """A few workers, started when the first file needs one. Use as a context."""

    def __init__(self, seconds: float = SECONDS, workers: int | None = None) -> None:
        self.seconds = seconds
        self.workers = workers or min(_MOST, os.cpu_count() or 1)
        self._pool = ThreadPoolExecutor(self.workers, thread_name_prefix="reader")
        self._own = threading.local()
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Readers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; after an error at once."""
        if kind is not None:
            for worker in self._started:
                worker.kill()
        self._pool.shutdown(cancel_futures=True)
        for worker in self._started:
            if worker.stdin:
                worker.stdin.close()
            if worker.stdout:
                worker.stdout.close()
            worker.kill()
            worker.wait()

    @property
    def window(self) -> int:
        """How many files may wait for each other: enough to keep all workers at work."""
        return 2 * self.workers + 2

    def submit(self, item: SourceFile, size: int, today: date) -> Future[Reply]:
        """Extract a file of ``size`` bytes; the answer comes with the future."""
        request = Request(item, today)
        if size <= _SMALL and PurePosixPath(item.name).suffix.lower() in _LIGHT:
            done: Future[Reply] = Future()
            done.set_result(read(request))
            return done
        return self._pool.submit(self._ask, request)

    def _ask(self, request: Request) -> Reply:
        """One request to this thread's own worker."""
        worker: subprocess.Popen[bytes] | None = getattr(self._own, "worker", None)
        if worker is None or worker.poll() is not None:
            worker = self._own.worker = self._start()
        assert worker.stdin is not None
        assert worker.stdout is not None
        late = threading.Event()

        def end() -> None:
            late.set()
            worker.kill()

        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            send(worker.stdin, request)
            reply = receive(worker.stdout)
        except (EOFError, OSError):
            worker.kill()
            worker.wait()
            self._own.worker = None
            return Reply(reason=self._why(worker, late=late.is_set()))
        finally:
            timer.cancel()
        assert isinstance(reply, Reply)
        return reply

    def _why(self, worker: subprocess.Popen[bytes], *, late: bool) -> str:
        if late:
            return f"reading it takes more than {self.seconds:g} s; split the file, or repair it"
        return (
            f"reading it ended the process that read it (exit {worker.returncode}): it is broken, "
            "or needs more memory than there is"
        )

    def _start(self) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "-m", "ingest.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment(),
        )
        self._started.append(worker)
        return worker
