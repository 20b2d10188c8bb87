"""What a publisher allows robots to fetch, and how often (RFC 9309)."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from ingest.fetch.client import Client, FetchError, Gone
from ingest.fetch.guard import Forbidden

NAME = "Kjelda"
_SIZE = 512_000  # bytes of robots.txt that are read
_SLOWEST = 60.0  # seconds; a longer delay would make a run endless


@dataclass
class Robots:
    """The robots.txt of each host, asked for once a run."""

    client: Client
    _known: dict[str, RobotFileParser | FetchError] = field(default_factory=dict)

    def require(self, url: str) -> None:
        """Raise FetchError unless the page may be fetched.

        Where robots.txt can't be read because of a fault, nothing of that host is fetched.
        """
        found = self._of(url)
        if isinstance(found, FetchError):
            raise FetchError(f"its robots.txt can't be read ({found})", again=found.again)
        if not found.can_fetch(NAME, url):
            raise FetchError("the publisher's robots.txt does not let robots read it")

    def delay(self, url: str) -> float:
        """Seconds between two requests that the host asks for; 0 if it doesn't."""
        found = self._of(url)
        if isinstance(found, FetchError):
            return 0.0
        asked = found.crawl_delay(NAME)
        return min(float(asked), _SLOWEST) if asked else 0.0

    def _of(self, url: str) -> RobotFileParser | FetchError:
        parts = urlsplit(url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._known:
            self._known[root] = self._read(f"{root}/robots.txt")
        return self._known[root]

    def _read(self, url: str) -> RobotFileParser | FetchError:
        parser = RobotFileParser()
        try:
            body = self.client.get(url, size=_SIZE).body or b""
        except Gone:
            body = b""  # no rules: everything is allowed
        except Forbidden as error:
            return FetchError(str(error))
        except FetchError as error:
            if error.again:
                return error
            body = b""  # another answer of the 400s means that there are no rules
        parser.parse(body.decode("utf-8", "replace").splitlines())
        return parser
