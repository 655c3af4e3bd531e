"""The doors through which simulated visitors act: browsers with cookies of their own, in this process or over HTTP.

In this process the whole WSGI application runs with all of its middleware; what is left out is only the socket.
"""

from __future__ import annotations

import http.client
import io
import json
import sys
from collections.abc import Callable, Mapping
from http.cookies import SimpleCookie
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


class Answer(NamedTuple):
    """What came back: status, headers (names in small letters) and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of that name, or an empty text."""
        return next((value for key, value in self.headers if key == name), "")

    def json(self) -> dict[str, Any]:
        """The body's object. Raises ValueError where it is none."""
        content = json.loads(self.body)
        if not isinstance(content, dict):
            raise ValueError("The answer is no JSON object.")
        return content


class Door(Protocol):
    """Takes a request to the shop and brings the answer."""

    origin: str

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        """One request from that address."""


class InProcess:
    """The site's whole WSGI application, called in this process as if by a server at `origin`."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._application = WSGIHandler()

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        """One request from that address."""
        parts = urlsplit(self.origin)
        target, _, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": target,
            "QUERY_STRING": query,
            "SERVER_NAME": parts.hostname or "",
            "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": parts.netloc,
            "REMOTE_ADDR": address,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": parts.scheme,
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        started: list[tuple[int, tuple[tuple[str, str], ...]]] = []

        def start_response(
            status: str, said: list[tuple[str, str]], exc_info: Any = None, /
        ) -> Callable[[bytes], object]:
            started[:] = [(int(status.split()[0]), tuple((name.lower(), value) for name, value in said))]
            return sys.stderr.buffer.write  # as servers must, for what nobody uses any more

        # One process makes many requests here: its connection to the database stays open between them.
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            response = self._application(environ, start_response)
            try:
                content = b"".join(response)
            finally:
                response.close()
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        status, said = started[0]
        if status >= 500:
            close_old_connections()
        return Answer(status, said, content)


class OverHttp:
    """A running site at `origin`. Raises OSError when it does not answer."""

    def __init__(self, origin: str) -> None:
        self.origin = origin

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes, address: str) -> Answer:
        """One request; the address is this machine's, whatever is asked for."""
        parts = urlsplit(self.origin)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, path, body=body or None, headers=dict(headers))
            response = connection.getresponse()
            said = tuple((name.lower(), value) for name, value in response.getheaders())
            return Answer(response.status, said, response.read())
        except http.client.HTTPException as error:
            raise ConnectionError(f"No readable answer from {self.origin}: {error!r}") from error
        finally:
            connection.close()


class Browser:
    """A visitor's browser: user agent, language, cookies."""

    def __init__(
        self,
        door: Door,
        *,
        user_agent: str,
        language: str,
        address: str = "",
        cookies: Mapping[str, str] | None = None,
    ) -> None:
        self.door = door
        self.user_agent = user_agent
        self.language = language
        self.address = address
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        """Open a page; where it leads on to is the caller's business."""
        return self._send("GET", path, b"", {})

    def post_json(self, path: str, content: object) -> Answer:
        """Send what scripts send."""
        return self._send("POST", path, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def post_form(self, path: str, body: bytes) -> Answer:
        """Send a form, encoded as an address is."""
        return self._send("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        headers = {
            "User-Agent": self.user_agent,
            "Accept-Language": self.language,
            "Sec-Fetch-Site": "same-origin",
            **headers,
        }
        if method == "POST":
            headers["Origin"] = self.door.origin
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.door.send(method, path, headers, body, self.address)
        for name, value in answer.headers:
            if name == "set-cookie":
                self._take(value)
        return answer

    def _take(self, header: str) -> None:
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(name, None)
            else:
                # As it was sent: what was quoted comes back quoted.
                self.cookies[name] = morsel.coded_value
