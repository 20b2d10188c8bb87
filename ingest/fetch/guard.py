"""What may be fetched: addresses of known hosts that lead to the public internet, and no other.

A page, a redirect or a DNS answer must not make Kjelda call a machine on the closed network it
stands in. The host is checked by name, and every address its name resolves to by number, at the
moment of connecting: the connection goes to the very number that was checked.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpcore

from corpus.sources import HOSTS
from ingest.errors import IngestError

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], list[str]]


class Forbidden(IngestError):
    """An address that is not fetched, whoever points to it."""


class Unresolved(IngestError):
    """A host whose name leads nowhere, as on a machine without a network."""


def resolve(host: str, port: int) -> list[str]:
    """The numbers that a name stands for. Raises Unresolved."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unresolved(f"the name {host} can't be resolved; is there a network?") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: IP) -> bool:
    """Whether a number belongs to the public internet.

    A number wrapped in another (IPv4 in IPv6, 6to4, NAT64) is judged by what it wraps.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Rules:
    """Which addresses may be fetched. Tests name a server of their own; nothing else does."""

    hosts: frozenset[str] = HOSTS
    schemes: frozenset[str] = frozenset({"https"})
    allows: Callable[[IP], bool] = is_public
    resolve: Resolve = field(default=resolve)

    def check(self, url: str) -> str:
        """The host of an address that may be fetched. Raises Forbidden."""
        try:
            parts = urlsplit(url)
            netloc, scheme = parts.netloc, parts.scheme
        except ValueError as error:
            raise Forbidden(f"{url[:200]!r} is no address ({error})") from error
        if scheme not in self.schemes:
            raise Forbidden(f"{scheme or 'no scheme'}: is not fetched, only https")
        # Compared whole: user names, passwords and other ports are refused with it.
        if netloc.lower() not in self.hosts:
            raise Forbidden(
                f"{netloc[:100]!r} is not on the list of publishers; staging and mirror hosts "
                "never are"
            )
        return netloc.lower()

    def numbers(self, host: str, port: int) -> list[str]:
        """The numbers of a host, if every one of them may be called. Raises Forbidden."""
        found = self.resolve(host, port)
        for number in found:
            if not self.allows(ipaddress.ip_address(number.partition("%")[0])):
                raise Forbidden(f"{host} leads to {number}, which is not a public address")
        if not found:
            raise Unresolved(f"the name {host} leads to no address")
        return found


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked numbers only."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first number of the host that answers. Raises Forbidden."""
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for number in self._rules.numbers(host, port):
            try:
                return self._inner.connect_tcp(number, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        assert failed is not None
        raise failed

    def connect_unix_socket(self, *_args: object, **_kwargs: object) -> httpcore.NetworkStream:
        """Never: a socket on this machine."""
        raise Forbidden("a local socket is not fetched from")
