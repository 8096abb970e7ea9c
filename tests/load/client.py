"""A small HTTP client that costs the measured machine little."""

import socket
from dataclasses import dataclass, field
from urllib.parse import urlencode


class WrongAnswer(Exception):
    """The server answered something else than it should; a fast wrong server must not win."""


@dataclass(frozen=True)
class Request:
    """One request, and the status that is the right answer."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = "application/x-www-form-urlencoded"
    headers: dict[str, str] = field(default_factory=dict)
    expected: int = 200

    def encoded(self, cookie: str) -> bytes:
        """Return the bytes to send."""
        fields = {
            "Host": "127.0.0.1",
            "Accept": "text/html",
            "Accept-Encoding": "br",
            "Cookie": cookie,
            "Content-Length": str(len(self.body)),
            "Content-Type": self.content_type,
            **self.headers,
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{head}\r\n".encode() + self.body


def form(**fields: str) -> bytes:
    """Return form fields as a body."""
    return urlencode(fields).encode()


class Connection:
    """A kept-alive connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        """Connect."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: Request, cookie: str) -> tuple[bytes, bytes]:
        """Send the request and return head and body; raises WrongAnswer."""
        self._socket.sendall(request.encoded(cookie))
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._receive()
        head, body = received.split(b"\r\n\r\n", 1)
        while len(body) < content_length(head):
            body += self._receive()
        if int(head[9:12]) != request.expected:
            raise WrongAnswer(f"{request.method} {request.path}: {head[:15]!r} {body[:300]!r}")
        return head, body

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _receive(self) -> bytes:
        received = self._socket.recv(262144)
        if not received:
            raise WrongAnswer("The server hung up.")
        return received


def content_length(head: bytes) -> int:
    """Return how long the body of an answer is."""
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
