"""The address of a server, and how it is shown: never with the user, the password or the value of a parameter in it.

>>> Address.of("http://ann:secret@a.org/sparql?apikey=123")
Address(http://a.org/sparql?apikey=***)
"""

import base64
import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, quote, unquote, urlsplit

from kg.model.errors import Place, Problem, Problems

PORTS: Final = {"http": 80, "https": 443}
HIDDEN: Final = "***"
LONGEST: Final = 8_000
"""Characters that an address may have."""
SHORTEST: Final = 4
"""Characters: a user or the value of a parameter that is shorter is no key, and a word that a server may well use."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Address:
    """An address of http or https; ``target`` is its path and query, ``authorization`` the header for its user."""

    scheme: str
    host: str
    port: int
    target: str
    shown: str
    authorization: str = ""
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Address({self.shown})"

    @classmethod
    def of(cls, url: str) -> Self:
        """Return an address; Problems where it is none, or has a character that none has.

        >>> Address.of("http://[::1]:99999/")
        Traceback (most recent call last):
            ...
        kg.Problems: http://[::1]:99999/: this is not an address of a SPARQL server: write http://... or https://...
        """
        parts = _parts(url)
        if parts is None:
            what = "this is not an address of a SPARQL server"
            raise Problems([Problem(Place(bare(url)), what, "write http://... or https://...")])
        if wrong := re.search(r"[^!-~]", url):
            what = f"an address has no {wrong[0]!r} in it" if wrong[0] != " " else "an address has no space in it"
            raise Problems([Problem(Place(bare(url)), what, "write it in percent codes, as in %20")])
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        user, password = (unquote(part or "") for part in (parts.username, parts.password))
        token = base64.b64encode(f"{user}:{password}".encode()).decode() if "@" in parts.netloc else ""
        values = [piece.partition("=")[2] or piece for piece in re.split("[&;]", parts.query)]
        words = (parts.username or "", user, *values, *map(unquote, values))
        told = {word for word in words if len(word) >= SHORTEST}
        known = {word for word in (parts.password or "", password, quote(password, safe=""), token) if word}
        return cls(
            scheme=parts.scheme, host=host, port=port, shown=bare(url),
            target=(parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
            authorization=f"Basic {token}" if token else "",
            secrets=tuple(sorted(told | known, key=len, reverse=True)),
        )  # fmt: skip

    @property
    def netloc(self) -> str:
        """The host and port, as the header ``Host`` has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def base(self) -> str:
        """What relative names in an answer are relative to: nothing that is secret gets into them."""
        return f"{self.scheme}://{self.netloc}{self.target.partition('?')[0]}"

    @property
    def is_bare(self) -> bool:
        """Whether the address has neither a user nor parameters."""
        return not self.authorization and "?" not in self.target

    def leads_to(self, other: "Address") -> bool:
        """Return whether another address is of the same server, or of its https.

        >>> here = Address.of("http://a.org/x")
        >>> here.leads_to(Address.of("https://a.org/y")), here.leads_to(Address.of("http://a.org:81/x"))
        (True, False)
        """
        same = (self.scheme, self.port) == (other.scheme, other.port)
        safer = (self.scheme, other.scheme) == ("http", "https") and other.port in (443, self.port)
        return self.host == other.host and (same or safer)

    def hidden(self, text: str) -> str:
        """Return a text of the server without the secrets of the address, should it repeat them.

        >>> Address.of("http://ann:secret@a.org/").hidden("wrong password: secret")
        'wrong password: ***'
        """
        for secret in self.secrets:
            text = text.replace(secret, HIDDEN)
        return text


def bare(url: str) -> str:
    """Return an address, or what was meant as one, as it may be shown.

    >>> bare("https://ann:p/w@a.org/x?apikey=1&graph=g#s"), bare("a.org")
    ('https://a.org/x?apikey=***&graph=***', 'a.org')
    """
    parts = _parts(url)
    if parts is None:
        before, slashes, rest = url.partition("//")
        url = before + slashes + rest.rpartition("@")[2] if slashes else url.rpartition("@")[2]
    elif "@" in parts.netloc:
        url = url.replace(parts.netloc, parts.netloc.rpartition("@")[2], 1)
    url, mark, query = url.partition("#")[0].partition("?")
    pieces = [piece.partition("=") for piece in re.split("[&;]", query)] if query else []
    return url + mark + "&".join(f"{name}={HIDDEN}" if equals else HIDDEN for name, equals, _ in pieces)


def _parts(url: str) -> SplitResult | None:
    """Return the parts of an address of http or https; None where it is none."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in PORTS and parts.hostname and parts.port != 0 and len(url) <= LONGEST
    except ValueError:
        return None
    return parts if fits else None
