"""One question to a server by HTTP, with one deadline for all of it: finding it, reaching it, asking, and its answer.

The standard library has a limit for each single operation alone, which a server that sends a byte a second never
reaches. So the socket here gets, before each operation, the time that is left. No proxy is used.
"""

import io
import queue
import re
import socket
import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from typing import Any, Final

from kg.sparql.address import Address

WORDS: Final = 2000
"""Bytes that are read of what a server says where it does not answer."""


class Cut(Exception):
    """An answer is not whole, or not as long as its server said, or longer than it may be; the text says which."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent; ``body`` is whole, but where the code is not 200: then it is its beginning.

    >>> Reply(200, "OK", {"content-type": "text/turtle; charset=UTF-8"}, b"").charset
    'utf-8'
    """

    code: int
    reason: str
    headers: dict[str, str]
    """Name in lower case -> value."""
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, without its parameters; empty where none is said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """The character set that is said, in lower case; else empty."""
        found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", self.headers.get("content-type", ""), re.IGNORECASE)
        return found[1].lower() if found else ""

    @property
    def is_measured(self) -> bool:
        """Whether its length was said, so that an answer that is cut shows."""
        return "content-length" in self.headers or "transfer-encoding" in self.headers


def post(address: Address, data: bytes, *, accept: str, until: float, largest: int) -> Reply:
    """Return what a server answers to a form; ``until`` is of ``time.monotonic``, ``largest`` in bytes of the body.

    Raises TimeoutError where the answer is not there by then, OSError where the server is not reached, HTTPException
    where it does not speak HTTP, Cut where its answer is not whole.

    >>> post(Address.of("http://localhost:9/"), b"", accept="*/*", until=time.monotonic() - 1, largest=9)
    Traceback (most recent call last):
        ...
    TimeoutError
    """
    with _connected(address, until) as sock:
        connection = HTTPConnection(address.host, address.port)
        connection.sock = _Channel(sock, until)
        headers = {
            "Host": address.netloc,
            "Accept": accept,
            "Content-Type": "application/x-www-form-urlencoded",
            "Connection": "close",
            "User-Agent": "jak-kg",
            **({"Authorization": address.authorization} if address.authorization else {}),
        }
        connection.request("POST", address.target, data, headers)
        with connection.getresponse() as response:
            return _reply(response, largest)


def _reply(response: HTTPResponse, largest: int) -> Reply:
    headers = {name.lower(): value for name, value in reversed(response.getheaders())}
    reason = response.reason[:100]
    if response.status != 200:
        return Reply(response.status, reason, headers, _beginning(response))
    lengths = set(response.headers.get_all("Content-Length", []))
    way = headers.get("transfer-encoding", "")
    if way.lower() not in ("", "chunked"):
        raise Cut(f"its answer is packed for the way ({way[:40]}), which was not asked for")
    chunked = bool(way)
    if not chunked and (len(lengths) > 1 or not all(re.fullmatch("[0-9]{1,15}", length) for length in lengths)):
        raise Cut(f"its Content-Length is {', '.join(sorted(lengths))[:40]}")
    chunks, size = [], 0
    try:
        while chunk := response.read1(1 << 20):
            chunks.append(chunk)
            size += len(chunk)
            if size > largest:
                raise Cut(f"its answer is larger than {largest >> 20} MiB")
    except IncompleteRead:
        raise Cut(f"its answer is cut after {size:,} bytes") from None
    if not chunked and lengths and size != int(*lengths):
        raise Cut(f"its answer is cut: {size:,} of {int(*lengths):,} bytes came")
    return Reply(response.status, reason, headers, b"".join(chunks))


def _beginning(response: HTTPResponse) -> bytes:
    """Return what came in time of the words that a server has for an error: the error itself is known by its code."""
    found = b""
    try:
        while len(found) < WORDS and (chunk := response.read1(WORDS)):
            found += chunk
    except (OSError, HTTPException):
        return found
    return found


def _connected(address: Address, until: float) -> socket.socket:
    """Return a socket that leads to a server, by the first of its addresses that answers in its share of the time."""
    places = _places(address, until)
    for number, (family, kind, protocol, _, place) in enumerate(places):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(_left(until) / (len(places) - number))
            sock.connect(place)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _secured(sock, address, until) if address.scheme == "https" else sock
        except OSError:
            sock.close()
            if number + 1 == len(places):
                raise
        except BaseException:
            sock.close()
            raise
    raise OSError("it has no address")


def _secured(sock: socket.socket, address: Address, until: float) -> socket.socket:
    import ssl

    sock.settimeout(_left(until))  # the whole handshake has it
    return ssl.create_default_context().wrap_socket(sock, server_hostname=address.host)


def _places(address: Address, until: float) -> list[Any]:
    """Return the addresses of a name; nothing stops the system's search, so where it takes too long it is left."""
    found: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def search() -> None:
        try:
            found.put(list(socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)))
        except Exception as error:
            found.put(OSError(f"no such name ({error})") if isinstance(error, UnicodeError) else error)

    threading.Thread(target=search, daemon=True).start()
    try:
        places = found.get(timeout=_left(until))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(places, Exception):
        raise places
    return places


def _left(until: float) -> float:
    """Return the seconds that are left; TimeoutError where none are."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Channel(io.RawIOBase):
    """A socket as http.client uses one, each of whose operations has the time that is left."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        super().__init__()
        self.sock = sock
        self.until = until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        self.sock.settimeout(_left(self.until))
        return self.sock.recv_into(buffer)

    def sendall(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self.sock.settimeout(_left(self.until))
            rest = rest[self.sock.send(rest) :]

    def makefile(self, *_: object) -> io.BufferedReader:
        return io.BufferedReader(self)

    def close(self) -> None:
        """Do nothing: http.client closes it before the answer is read; ``post`` closes the socket."""
