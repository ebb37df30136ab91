"""What the tests of SPARQL servers share: a free port, and whether something listens there; on loopback alone."""

import socket


def free_port() -> int:
    with socket.create_server(("localhost", 0)) as one:
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), 1).close()
    except OSError:
        return False
    return True
