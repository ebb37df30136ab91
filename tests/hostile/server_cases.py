"""What a hostile server does, each made by code: what is asked, what it does with the socket, and what must be said."""

import gzip
import socket
import struct
import threading
import time
import zlib
from collections.abc import Callable
from typing import Final

Behaviour = Callable[[socket.socket], None]
PAUSE: Final = 0.05
"""Seconds between two bytes of a server that drips."""
JSON: Final = "application/sparql-results+json"
XML: Final = "application/sparql-results+xml"
NT, TURTLE, RDFXML = "application/n-triples", "text/turtle", "application/rdf+xml"
ROWS: Final = "SELECT ?x { ?x ?y ?z }"
BOOLEAN: Final = "ASK {}"
RDF: Final = "CONSTRUCT { ?x ?y ?z } { ?x ?y ?z }"
EMPTY: Final = b'{"head": {"vars": ["x"]}, "results": {"bindings": []}}'
LINE: Final = b"<x:a> <x:b> <x:c> .\n"
LATE: Final = "no whole answer within"
INVALID: Final = "its answer is not a valid"
stop = threading.Event()


def whole(body: bytes, kind: str = JSON, *headers: str, status: str = "200 OK", length: int | str | None = -1) -> bytes:
    """An answer; ``length`` is said where it is not None, and -1 is the right one."""
    said = [f"Content-Length: {len(body) if length == -1 else length}"] if length is not None else []
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {kind}"] if kind else []), *said, *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def row(value: str) -> bytes:
    """Rows in JSON, with one term, as JSON."""
    return b'{"head": {"vars": ["x"]}, "results": {"bindings": [{"x": %s}]}}' % value.encode()


def xml(value: str, before: str = "") -> bytes:
    head = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head><results><result>'
    return (
        f'<?xml version="1.0"?>{before}{head}<binding name="x">{value}</binding></result></results></sparql>'.encode()
    )


def rdf(value: str, before: str = "") -> bytes:
    start = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="x:">'
    return f'<?xml version="1.0"?>{before}{start}<x:A><x:b>{value}</x:b></x:A></rdf:RDF>'.encode()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def sends(*parts: bytes) -> Behaviour:
    def behave(sock: socket.socket) -> None:
        for part in parts:
            sock.sendall(part)

    return behave


def made(make: Callable[[], bytes]) -> Behaviour:
    """What is large is made when it is asked for."""
    return lambda sock: sock.sendall(make())


def stalls(data: bytes = b"") -> Behaviour:
    def behave(sock: socket.socket) -> None:
        sock.sendall(data)
        stop.wait(60)

    return behave


def drips(data: bytes, before: bytes = b"") -> Behaviour:
    def behave(sock: socket.socket) -> None:
        sock.sendall(before)
        for byte in data:
            if stop.wait(PAUSE):
                return
            sock.sendall(bytes([byte]))

    return behave


def forever(piece: bytes, before: bytes = b"", pause: float = 0) -> Behaviour:
    def behave(sock: socket.socket) -> None:
        sock.sendall(before)
        while not stop.wait(pause) if pause else not stop.is_set():
            sock.sendall(piece)

    return behave


def resets(data: bytes = b"") -> Behaviour:
    def behave(sock: socket.socket) -> None:
        sock.sendall(data)
        time.sleep(PAUSE)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    return behave


def leads(location: str, status: str = "307 Temporary Redirect", pause: float = 0) -> Behaviour:
    def behave(sock: socket.socket) -> None:
        time.sleep(pause)
        port = sock.getsockname()[1]
        sock.sendall(whole(b"", "", f"Location: {location.replace('PORT', str(port))}", status=status))

    return behave


OK: Final = whole(EMPTY)
HEAD: Final = whole(b"", length=None)
CHUNKED: Final = whole(b"", JSON, "Transfer-Encoding: chunked", length=None)
CHUNKED_NT: Final = whole(b"", NT, "Transfer-Encoding: chunked", length=None)
LONG: Final = b" " * 400
DEEP: Final = 100_000
NODE: Final = '{"type": "uri", "value": "x:a"}'
TERM: Final = f'{{"type": "triple", "value": {{"subject": {NODE}, "predicate": {NODE}, "object": '
XTERM: Final = "<triple><subject><uri>x:a</uri></subject><predicate><uri>x:b</uri></predicate><object>"
REFERENCE: Final = "&a{};"
ENTITIES: Final = (
    '<!DOCTYPE x [<!ENTITY a0 "0123456789">'
    + "".join(f'<!ENTITY a{n} "{REFERENCE.format(n - 1) * 10}">' for n in range(1, 11))
    + "]>"
)
QUADRATIC: Final = f'<!DOCTYPE x [<!ENTITY a "{LONG.decode() * 250}">]>'
STAR: Final = b"<<( <x:a> <x:b> " * DEEP
DEEPLY: Final = f"nested too deeply|{LATE}"
"""A bomb may also take its time on a machine that has much else to do."""
FULL: Final = f"memory|{INVALID}|larger|{LATE}"
NUMBER: Final = '{"type": "literal", "value": "1,5", "datatype": "http://www.w3.org/2001/XMLSchema#decimal"}'
TEXT: Final = '{"type": "literal", "value": "\\u001b[2J\u202e"}'
OUTSIDE: Final = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'

CASES: dict[str, tuple[str, Behaviour, str]] = {
    # --- silence ------------------------------------------------------------------------------------------------------
    "says nothing": (ROWS, stalls(), LATE),
    "stops in the status line": (ROWS, stalls(b"HTTP/1.1 2"), LATE),
    "stops in the headers": (ROWS, stalls(b"HTTP/1.1 200 OK\r\nContent-Ty"), LATE),
    "stops behind the headers": (ROWS, stalls(HEAD), LATE),
    "stops in the body": (ROWS, stalls(OK[:-9]), LATE),
    "stops in a chunk": (ROWS, stalls(CHUNKED + b"40\r\n{"), LATE),
    "stops in the size of a chunk": (ROWS, stalls(CHUNKED + b"4"), LATE),
    "stops before the last chunk": (ROWS, stalls(CHUNKED + chunk(EMPTY)), LATE),
    "stops in an error": (ROWS, stalls(whole(b"", "text/plain", status="500 No", length=99)), "it says 500 No"),
    "stops behind 100 Continue": (ROWS, stalls(b"HTTP/1.1 100 Continue\r\n\r\n"), LATE),
    # --- one byte after another ---------------------------------------------------------------------------------------
    "drips the status line": (ROWS, drips(b"HTTP/1.1 200 " + LONG), LATE),
    "drips the headers": (ROWS, drips(b"X: " + LONG, b"HTTP/1.1 200 OK\r\n"), LATE),
    "drips many short headers": (ROWS, drips(b"X: 1\r\n" * 90, b"HTTP/1.1 200 OK\r\n"), LATE),
    "drips the body": (ROWS, drips(LONG + EMPTY, HEAD), LATE),
    "drips a body with its length": (ROWS, drips(LONG, whole(b"", length=400)), LATE),
    "drips chunks": (ROWS, drips(chunk(b" ") * 90, CHUNKED), LATE),
    "drips the size of a chunk": (ROWS, drips(b"0" * 400, CHUNKED), LATE),
    "drips an error": (ROWS, drips(LONG, whole(b"", "text/plain", status="400 Bad", length=400)), "it says 400 Bad"),
    "drips a place to go to": (ROWS, drips(b"Location: /" + b"x" * 400, b"HTTP/1.1 307 Go\r\n"), LATE),
    "drips 100 Continue": (ROWS, forever(b"HTTP/1.1 100 Continue\r\n\r\n", pause=PAUSE), LATE),
    # --- without end --------------------------------------------------------------------------------------------------
    "100 Continue without end": (ROWS, forever(b"HTTP/1.1 100 Continue\r\n\r\n" * 99), LATE),
    "103 Early Hints without end": (ROWS, forever(b"HTTP/1.1 103 Early Hints\r\n\r\n"), "it says 103 Early Hints"),
    "a status line without end": (ROWS, forever(b"x" * 9999, b"HTTP/1.1 200 "), "does not speak HTTP"),
    "a header without end": (ROWS, forever(b"x" * 9999, b"HTTP/1.1 200 OK\r\nX: "), "does not speak HTTP"),
    "headers without end": (ROWS, forever(b"X: 1\r\n" * 999, b"HTTP/1.1 200 OK\r\n"), "does not speak HTTP"),
    "headers of 100 Continue without end": (
        ROWS, forever(b"X: 1\r\n" * 9, b"HTTP/1.1 100 C\r\n"), "does not speak HTTP"),
    "a body without end": (ROWS, forever(b" " * 99_999, HEAD), f"larger than|{LATE}"),
    "chunks without end": (ROWS, forever(chunk(b" " * 99_999), CHUNKED), f"larger than|{LATE}"),
    "chunks of one byte without end": (ROWS, forever(chunk(b" ") * 999, CHUNKED), LATE),
    "the size of a chunk without end": (ROWS, forever(b"0" * 999, CHUNKED), "does not speak HTTP"),
    "what a chunk says beside without end": (ROWS, forever(b"x" * 999, CHUNKED + b"5;"), "does not speak HTTP"),
    "lines behind the last chunk without end": (
        ROWS, forever(b"X: 1\r\n" * 99, CHUNKED + chunk(EMPTY) + b"0\r\n"), LATE),
    "an error without end": (
        ROWS, forever(b"no " * 99, whole(b"", "", status="500 No", length=None)), "it says 500 No: no"),
    # --- cut ----------------------------------------------------------------------------------------------------------
    "hangs up": (ROWS, sends(), "is not reached"),
    "resets": (ROWS, resets(), "is not reached"),
    "hangs up in the status line": (ROWS, sends(b"HTTP/1."), "does not speak HTTP"),
    "hangs up in the headers": (
        ROWS, sends(b"HTTP/1.1 200 OK\r\nContent-Type: " + JSON.encode()), f"{INVALID} .*empty"),
    "hangs up in the headers of triples": (
        RDF, sends(f"HTTP/1.1 200 OK\r\nContent-Type: {NT}".encode()), "has no length"),
    "hangs up in the body": (ROWS, sends(OK[:-9]), "its answer is cut"),
    "resets in the body": (ROWS, resets(OK[:-9]), "is not reached"),
    "hangs up in a chunk": (ROWS, sends(CHUNKED + b"40\r\n{"), "its answer is cut"),
    "hangs up before the last chunk": (ROWS, sends(CHUNKED + chunk(EMPTY)), "its answer is cut"),
    "triples cut behind a line": (RDF, sends(whole(LINE, NT, length=999)), "its answer is cut"),
    "triples cut between chunks": (RDF, sends(CHUNKED_NT + chunk(LINE)), "its answer is cut"),
    "triples without a length": (RDF, sends(whole(LINE, NT, length=None)), "has no length, so it may be cut"),
    "rows cut, without a length": (ROWS, sends(HEAD + EMPTY[:-9]), INVALID),
    "rows in XML cut, without a length": (ROWS, sends(whole(xml("<uri>x:a</uri>")[:-9], XML, length=None)), INVALID),
    "rows in XML cut behind one, without a length": (
        ROWS, sends(whole(xml("<uri>x:a</uri>").partition(b"</results>")[0], XML, length=None)), INVALID),
    "RDF/XML cut, without a length": (RDF, sends(whole(rdf("1")[:-9], RDFXML, length=None)), INVALID),
    # --- wrong lengths ------------------------------------------------------------------------------------------------
    "a length that is too small": (ROWS, sends(whole(EMPTY, length=9)), INVALID),
    "a length below 0": (ROWS, sends(whole(EMPTY, length="-5")), "its Content-Length is -5"),
    "a length in words": (ROWS, sends(whole(EMPTY, length="much")), "its Content-Length is much"),
    "a length with a _": (ROWS, sends(whole(EMPTY, length="5_4")), "its Content-Length is 5_4"),
    "a length of 5,000 digits": (ROWS, sends(whole(EMPTY, length="9" * 5000)), "its Content-Length is 999"),
    "two lengths": (RDF, sends(whole(LINE * 2, NT, "Content-Length: 20")), "its Content-Length is 20, 40"),
    "a chunk of a size in words": (ROWS, sends(CHUNKED + b"much\r\n{}\r\n0\r\n\r\n"), "its answer is cut"),
    "a chunk of a size below 0": (ROWS, sends(CHUNKED + b"-5\r\n{}\r\n0\r\n\r\n"), f"{INVALID}|its answer is cut"),
    "a chunk of an exabyte": (ROWS, sends(CHUNKED + b"FFFFFFFFFFFFFFF\r\n" + EMPTY), "its answer is cut"),
    # --- no HTTP ------------------------------------------------------------------------------------------------------
    "noise": (ROWS, sends(bytes(range(256)) * 9), "does not speak HTTP"),
    "a body alone": (ROWS, sends(EMPTY), "does not speak HTTP"),
    "another protocol": (ROWS, sends(b"SSH-2.0-OpenSSH_9.6\r\n"), "does not speak HTTP"),
    "a code in words": (ROWS, sends(b"HTTP/1.1 OK OK\r\n\r\n"), "does not speak HTTP"),
    "a code of 5,000 digits": (ROWS, sends(b"HTTP/1.1 " + b"2" * 5000 + b" OK\r\n\r\n"), "does not speak HTTP"),
    "an unknown version": (ROWS, sends(OK.replace(b"1.1", b"9.9", 1)), "does not speak HTTP"),
    "headers that are none": (ROWS, sends(b"HTTP/1.1 200 OK\r\n\x00\x1b\r\n\r\n" + EMPTY), "does not say in what"),
    # --- packed -------------------------------------------------------------------------------------------------------
    "packed": (ROWS, sends(whole(gzip.compress(EMPTY), JSON, "Content-Encoding: gzip")), "is packed .gzip."),
    "a bomb": (
        ROWS, made(lambda: whole(gzip.compress(bytes(1 << 25), 1), JSON, "Content-Encoding: gzip")), "is packed"),
    "a bomb in an error": (
        ROWS, made(lambda: whole(zlib.compress(bytes(1 << 24)), JSON, "Content-Encoding: deflate", status="500 No")),
        "it says 500 No: fix"),
    "packed in no known way": (ROWS, sends(whole(EMPTY, JSON, "Content-Encoding: br, \x1b[2J")), "is packed"),
    "packed for the way": (
        ROWS, sends(whole(gzip.compress(EMPTY), JSON, "Transfer-Encoding: gzip", length=None)), "packed for the way"),
    "triples packed for the way in none": (
        RDF, sends(whole(LINE, NT, "Transfer-Encoding: identity", length=None)), "packed for the way"),
    # --- other than it says -------------------------------------------------------------------------------------------
    "a page": (ROWS, sends(whole(b"<html>", "text/html")), "it answers in text/html"),
    "a page that says it is rows": (ROWS, sends(whole(b"<html>welcome</html>")), INVALID),
    "a page that says it is XML": (ROWS, sends(whole(b"<html>welcome</html>", XML)), INVALID),
    "no kind": (ROWS, sends(whole(EMPTY, "")), "does not say in what"),
    "a kind that acts": (ROWS, sends(whole(EMPTY, "a/\x1b[2J" + "b" * 9999)), "it answers in a/"),
    "other JSON": (ROWS, sends(whole(b'{"error": "none"}')), INVALID),
    "a list": (ROWS, sends(whole(b"[]")), INVALID),
    "a number": (ROWS, sends(whole(b"1e400")), INVALID),
    "a number of 5,000 digits": (ROWS, sends(whole(b"9" * 5000)), INVALID),
    "nothing": (ROWS, sends(whole(b"")), INVALID),
    "nothing, as XML": (ROWS, sends(whole(b"", XML)), INVALID),
    "nothing, as RDF/XML": (RDF, sends(whole(b"", RDFXML)), INVALID),
    "no content": (ROWS, sends(whole(b"", "", status="204 No Content")), "it says 204 No Content"),
    "a part": (ROWS, sends(whole(EMPTY, status="206 Partial Content")), "it says 206 Partial Content"),
    "one key twice": (ROWS, sends(whole(EMPTY[:-1] + b', "head": {"vars": []}}')), f"{INVALID}.*'head' stands twice"),
    "one variable twice": (ROWS, sends(whole(EMPTY.replace(b'"x"', b'"x", "x"'))), INVALID),
    "no number": (ROWS, sends(whole(row('{"type": "literal", "value": NaN}'))), INVALID),
    "a number for a text": (ROWS, sends(whole(row('{"type": "literal", "value": 1}'))), INVALID),
    "a kind of term that is none": (ROWS, sends(whole(row('{"type": "x", "value": "1"}'))), INVALID),
    "an IRI that is none": (ROWS, sends(whole(row('{"type": "uri", "value": "a b"}'))), INVALID),
    "half a character": (ROWS, sends(whole(row('{"type": "literal", "value": "\\ud800"}'))), INVALID),
    "a variable that is not in the head": (ROWS, sends(whole(EMPTY.replace(b"[]", b'[{"y": {}}]'))), INVALID),
    "rows and a boolean": (ROWS, sends(whole(EMPTY[:-1] + b', "boolean": true}')), INVALID),
    "a boolean in words": (BOOLEAN, sends(whole(b'{"head": {}, "boolean": "false"}')), INVALID),
    "a boolean for rows": (ROWS, sends(whole(b'{"head": {}, "boolean": true}')), "true or false where rows are asked"),
    "rows for a boolean": (BOOLEAN, sends(OK), "rows where true or false are asked"),
    "rows for triples": (RDF, sends(OK), "rows where triples are asked"),
    "triples for rows": (ROWS, sends(whole(LINE, NT)), "triples where rows are asked"),
    "UTF-16": (ROWS, sends(whole(EMPTY.decode().encode("utf-16"))), INVALID),
    "UTF-16 that is said": (
        ROWS, sends(whole(row('"ä"').decode().encode("utf-16"), f"{JSON}; charset=utf-16")), INVALID),
    "Latin-1 that is said": (
        ROWS, sends(whole(row('{"type": "literal", "value": "Ã¤"}').decode().encode("latin-1"),
                          f"{JSON}; charset=iso-8859-1")), "it is in iso-8859-1, not in UTF-8"),
    "Latin-1": (ROWS, sends(whole(row('"ä"').decode().encode("latin-1"))), f"{INVALID}.* is not UTF-8"),
    "XML in Latin-1": (
        ROWS, sends(whole(xml("<literal>Ã¤</literal>").replace(b'"1.0"', b'"1.0" encoding="latin-1"'), XML)), INVALID),
    "UTF-7 that is said": (ROWS, sends(whole(EMPTY, f"{JSON}; charset=utf-7")), "it is in utf-7, not in UTF-8"),
    "XML in UTF-7": (ROWS, sends(whole(xml("", '<?xml version="1.0" encoding="utf-7"?>')[21:], XML)), "it is in utf-7"),
    "XML in ASCII": (
        ROWS, sends(whole(xml("<literal>a</literal>").replace(b'"1.0"', b'"1.0" encoding="cp1252"'), XML)), "^0 .*a"),
    "Turtle that is none": (RDF, sends(whole(b"<x:a> <x:b>", TURTLE)), INVALID),
    "N-Triples that are none": (RDF, sends(whole(LINE + b"<a> <b> <c> .\n", NT)), INVALID),
    # --- bombs --------------------------------------------------------------------------------------------------------
    "lists in lists": (ROWS, sends(whole(b"[" * DEEP)), DEEPLY),
    "triples in triples, JSON": (
        ROWS, made(lambda: whole(row(TERM * 300 + "0" + "}}" * 300))), f"{DEEPLY}|{INVALID}"),
    "triples in triples, JSON, 40 deep": (
        ROWS, sends(whole(row(TERM * 40 + NODE + "}}" * 40))), DEEPLY),
    "triples in triples, JSON, without end": (ROWS, made(lambda: whole(row(TERM * DEEP))), DEEPLY),
    "triples in triples, XML": (
        ROWS, made(lambda: whole(xml(XTERM * DEEP + "<uri>x:c</uri>" + "</object></triple>" * DEEP), XML)),
        f"{DEEPLY}|{INVALID}"),
    "triples in triples, N-Triples": (
        RDF, made(lambda: whole(b"<x:a> <x:b> " + STAR + b"<x:c> " + b")>> " * DEEP + b".\n", NT)),
        DEEPLY),
    "triples in triples, Turtle": (
        RDF, made(lambda: whole(b"<x:a> <x:b> " + STAR + b"1 " + b")>> " * DEEP + b".", TURTLE)),
        DEEPLY),
    "brackets in brackets, Turtle": (
        RDF, made(lambda: whole(b"[ <x:b> " * DEEP + b"1 " + b"] " * DEEP + b".", TURTLE)), f"^0|nested|{FULL}"),
    "entities of entities in rows": (ROWS, sends(whole(xml("<literal>&a10;</literal>", ENTITIES), XML)), INVALID),
    "entities of entities in RDF/XML": (RDF, sends(whole(rdf("&a10;", ENTITIES), RDFXML)), FULL),
    "one entity often": (
        RDF, made(lambda: whole(rdf("&a;" * 30_000, QUADRATIC), RDFXML)), FULL),
    "an entity from outside": (RDF, sends(whole(rdf("&a;", OUTSIDE), RDFXML)), INVALID),
    "a million columns": (
        ROWS, made(lambda: whole(EMPTY.replace(b'"x"', b", ".join(b'"x%d"' % n for n in range(10**6))))),
        f"columns|{LATE}"),
    "ten million empty cells": (
        ROWS, made(lambda: whole(b'{"head": {"vars": [%s]}, "results": {"bindings": [%s]}}' % (
            b", ".join(b'"x%d"' % n for n in range(900)), b", ".join([b"{}"] * 20_000)))), f"cells|{LATE}"),
    "a million rows": (
        ROWS, made(lambda: whole(EMPTY.replace(b"[]", b"[%s]" % b", ".join(
            [b'{"x": {"type": "uri", "value": "x:a"}}'] * 10**6)))), f"{LATE}|memory"),
    # --- redirects ----------------------------------------------------------------------------------------------------
    "leads to itself": (ROWS, leads(""), "it leads on more than 5 times"),
    "leads on and on, slowly": (ROWS, leads("", pause=0.15), f"more than 5 times|{LATE}"),
    "leads to another port": (
        ROWS, leads("http://127.0.0.1:1/?token=abcd"), r"it leads to http://127.0.0.1:1/\?token=\*\*\* "),
    "leads to another host": (
        ROWS, leads("http://ann:pw@localhost:PORT/x"), "it leads to http://localhost:.*another server"),
    "leads to another host by its network": (ROWS, leads("//localhost:PORT/x"), "another server"),
    "leads to http as GET": (ROWS, leads("/x", "302 Found"), "the query would be lost"),
    "leads elsewhere with 303": (ROWS, leads("/x", "303 See Other"), "the query would be lost"),
    "leads to a file": (ROWS, leads("file:///etc/hostname"), "to what is no address"),
    "leads to a script": (ROWS, leads("javascript:alert(1)"), "to what is no address"),
    "leads to what acts": (ROWS, leads("http://a.org/\x1b[2J x"), "to what is no address"),
    "leads to a port that is none": (ROWS, leads("http://127.0.0.1:99999/"), "to what is no address"),
    "leads nowhere": (ROWS, sends(whole(b"", "", status="307 Go")), "it says 307 Go"),
    # --- errors -------------------------------------------------------------------------------------------------------
    "an error that repeats the secrets": (
        ROWS, sends(whole(b"ann:s3cr3t! s3cr3t%21 Basic YW5uOnMzY3IzdCE= ?token=t0k3n", "", status="401 t0k3n")),
        r"it says 401 \*\*\*: ann:\*\*\* \*\*\* Basic \*\*\* \?token=\*\*\*"),
    "an error that acts": (
        ROWS, sends(whole(b"\x1b[2J\n\xe2\x80\xaeno", "", status="500 \x1b]0;x\x07")), r"\\u001b\[2J \\u202eno"),
    "an error of a megabyte": (ROWS, made(lambda: whole(b"x " * 500_000, "", status="500 No")), "it says 500 No: x x"),
    "an error without words": (ROWS, sends(whole(b"", "", status="503 ")), "it says 503: fix"),
    # --- odd, and sound -----------------------------------------------------------------------------------------------
    "honest": (ROWS, sends(OK), "^0 "),
    "honest, after 100 Continue": (ROWS, sends(b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + OK), "^0 "),
    "honest, in pieces": (ROWS, sends(CHUNKED, *[chunk(bytes([byte])) for byte in EMPTY], b"0\r\n\r\n"), "^0 "),
    "honest, with members of its own": (ROWS, sends(whole(EMPTY[:-1] + b', "meta": {"ms": 3}}')), "^0 "),
    "honest, Latin-1 in name alone": (ROWS, sends(whole(EMPTY, f"{JSON}; charset=iso-8859-1")), "^0 "),
    "honest, as Virtuoso writes it": (
        ROWS, sends(whole(EMPTY.replace(b'"bind', b'"distinct": false, "bind').replace(b"[]", b'[], "ordered": true'))),
        "^0 "),
    "honest, in XML": (ROWS, sends(whole(xml("<literal>ä</literal>"), XML, length=None)), "^0 .*ä"),
    "honest, in RDF/XML with entities": (
        RDF, sends(whole(rdf("&a0;", '<!DOCTYPE x [<!ENTITY a0 "ab">]>'), RDFXML, length=None)), "^0 .*ab"),
    "triples, none": (RDF, sends(whole(b"", NT)), "^0 "),
    "a text that acts": (ROWS, sends(whole(row(TEXT))), r"^0 .*u001b\[2J\\u202e"),
    "a number that is none": (
        ROWS, sends(whole(row(NUMBER))),
        "^0 .*1,5"),
    "a name relative to the address": (RDF, sends(whole(b"<> <x:b> <c> .", TURTLE)), "^0 .*<http://127.0.0.1:"),
}  # fmt: skip
"""Name -> what is asked, what the server does, and a pattern of what must be said; ``^0`` where that is an answer."""
