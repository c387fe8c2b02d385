"""Requests that nobody who may use the page ever sends: each has to be refused.

Those who have the page's cookie or a program's token are among them. Each carries at least one
thing for which it must not be served, so any answer below 400 is a finding.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

__all__ = ["Hostile", "Target", "findings", "invent", "send", "status_of"]

_STATUS: Final = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_TIMEOUT: Final = 20.0  # seconds that a connection waits for its turn
_API: Final = "/api/v1"
_EVIL: Final = "evil.test"


class Target(NamedTuple):
    """The server, and what opens it.

    Attributes:
        host: and port.
        cookie: the page's, with its name.
        token: a program's.
    """

    host: str
    cookie: str
    token: str

    @property
    def port(self) -> int:
        """Of the server."""
        return int(self.host.rpartition(":")[2])


class Hostile(NamedTuple):
    """A request.

    Attributes:
        kind: what is wrong with it.
        text: as it is sent, but for `{HOST}`, `{COOKIE}` and `{TOKEN}`.
        ends: nothing more comes, and that is told.
    """

    kind: str
    text: bytes
    ends: bool = False

    def for_target(self, target: Target) -> bytes:
        """Return what is sent to a server."""
        text = self.text.replace(b"{HOST}", target.host.encode())
        text = text.replace(b"{COOKIE}", target.cookie.encode())
        return text.replace(b"{TOKEN}", target.token.encode())


def _request(
    kind: str,
    method: str,
    path: str,
    headers: Iterable[tuple[str, str]],
    body: bytes | None = None,
    *,
    version: str = "HTTP/1.1",
    length: int | None = None,
    ends: bool = False,
) -> Hostile:
    lines = [f"{method} {path} {version}", *(f"{name}: {value}" for name, value in headers)]
    if body is not None:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    return Hostile(kind, head + (body or b""), ends)


_HOST: Final = ("Host", "{HOST}")
_ORIGIN: Final = ("Origin", "http://{HOST}")
_PAGE: Final = ("Cookie", "{COOKIE}")
_PROGRAM: Final = ("Authorization", "Bearer {TOKEN}")
_JSON: Final = ("Content-Type", "application/json")
_CREDENTIALS: Final = st.sampled_from([_PAGE, _PROGRAM])
_METHODS: Final = st.sampled_from(["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"])
_CHANGES: Final = st.sampled_from(
    [
        ("PATCH", f"{_API}/values", b'{"title": "Evil"}'),
        ("PATCH", f"{_API}/values", b'{"tags_entry": "evil", "update_on_start": false}'),
        ("POST", f"{_API}/actions/update_now", b"{}"),
        ("POST", f"{_API}/actions/regenerate", b"{}"),
        ("POST", f"{_API}/actions/sign_out", b"{}"),
        ("POST", f"{_API}/actions/configure", b'{"values": {"title": "Evil"}}'),
        ("POST", f"{_API}/whip", b'{"offer": "v=0"}'),
        ("DELETE", f"{_API}/whip/x", b""),
    ]
)
_READABLE: Final = (
    *("/", "/page.js", "/stream.html", f"{_API}/state", f"{_API}/events", f"{_API}/words"),
    *(f"{_API}/categories?query=a", "/pictures/music", "/2/", f"/2{_API}/state", "/xsplit/"),
)
_WORDS: Final = st.text(
    st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="{}"), max_size=30
)


@st.composite
def _elsewhere(draw: st.DrawFn) -> Hostile:
    """A website whose name is looked up to this computer."""
    name = draw(
        st.one_of(
            st.sampled_from([_EVIL, "localhost", "127.0.0.1", "[::1]", "0.0.0.0", "127.1"]),
            st.from_regex(r"[a-z0-9-]{1,20}\.(test|local|internal)", fullmatch=True),
        )
    ) + draw(st.sampled_from(["", ":80", ":1", ":17655x", "."]))
    who = draw(_CREDENTIALS)
    own = [("Host", name), ("Origin", f"http://{name}"), who]
    if draw(st.booleans()):
        return _request("another name", "GET", draw(st.sampled_from(_READABLE)), own)
    method, path, body = draw(_CHANGES)
    return _request("another name", method, path, [*own, _JSON], body)


@st.composite
def _cross_site(draw: st.DrawFn) -> Hostile:
    """Another page in the same browser, as if it could have the cookie."""
    port = draw(st.integers(1, 16_000))
    origin = draw(
        st.sampled_from(
            [
                *("null", f"http://{_EVIL}", f"http://{_EVIL}:{port}", f"http://127.0.0.1:{port}"),
                *("https://{HOST}", "http://{HOST}/", "HTTP://{HOST}", "http://{HOST}.evil.test"),
                *("http://x@{HOST}", "file://", "", "http://{HOST}, http://evil.test"),
            ]
        )
    )
    wrong = draw(
        st.sampled_from(
            [
                [("Origin", origin)],
                [_ORIGIN, ("Origin", origin)],
                [_ORIGIN, ("Sec-Fetch-Site", "cross-site")],
                [_ORIGIN, ("Sec-Fetch-Site", "same-site")],
            ]
        )
    )
    method, path, body = draw(
        st.one_of(_CHANGES, st.sampled_from(_READABLE).map(lambda path: ("GET", path, None)))
    )
    return _request(
        "another website", method, path, [_HOST, *wrong, draw(_CREDENTIALS), _JSON], body
    )


@st.composite
def _form(draw: st.DrawFn) -> Hostile:
    """A form, which a browser sends without asking."""
    kind = draw(
        st.sampled_from(
            [
                *("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"),
                *("text/plain; application/json", "application/json-patch+json", "text/json", ""),
            ]
        )
    )
    method, path, _ = draw(_CHANGES.filter(lambda change: change[0] != "DELETE"))
    body = draw(
        st.one_of(
            st.sampled_from([b"title=Evil", b'{"title": "Evil"}', b'{"title":"Evil","x":"="}']),
            st.binary(max_size=60),
        )
    )
    headers = [_HOST, _ORIGIN, draw(_CREDENTIALS), ("Content-Type", kind)]
    return _request("a form", method, path, headers, body)


_STEPS: Final = (
    *("..", ".", "", "%2e%2e", "%2E.", "..%2f", "..%5c", "..\\", "%00", "...", "%252e%252e", "~"),
    *("static", "page.js", "routes.py", "page.json", "secrets.json", "settings.json", "etc"),
    *("passwd", "api", "v1", "v2", "state", "values", "pictures", "2", "whip", "actions", "C:"),
)
_TAILS: Final = ("", "/", ";x=1", "%00.js", "?secret=", "?ticket=x", "%20", "\\", "::$DATA")
_SERVED: Final = re.compile(
    r"/+(?:(?:[a-z]+\.(?:js|css|html|svg))?|api/v1/(?:state|events|words|categories)"
    r"|pictures/[\w-]+)(?:\?.*)?"
)


@st.composite
def _path(draw: st.DrawFn) -> Hostile:
    """A path that is to lead out of what there is."""
    steps = draw(st.lists(st.sampled_from(_STEPS), min_size=1, max_size=6))
    path = draw(st.sampled_from(["/", "/", "//", "/./", "http://evil.test/", "file:///", ""]))
    path += "/".join(steps) + draw(st.sampled_from(_TAILS)) or "*"
    # Whoever reads files of the page, which it may, does nothing wrong.
    if _SERVED.fullmatch(path):
        path = "/.." + path
    return _request("a path", "GET", path, [_HOST, draw(_CREDENTIALS)])


@st.composite
def _stranger(draw: st.DrawFn) -> Hostile:
    """Somebody who guesses what opens it."""
    guess = draw(
        st.one_of(
            st.sampled_from(["", "0", "x" * 4000, "null", "' OR 1=1 --", "%00", "{{}}", "*"]),
            st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
            st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True),
            _WORDS,
        )
    ).replace(" ", "+")
    way = draw(st.integers(0, 5))
    if way == 0:
        query = draw(st.sampled_from(["secret", "ticket", "secret&ticket", "cookie", "token"]))
        return _request("a guess", "GET", f"/?{query}={guess}", [_HOST])
    how: list[tuple[str, str]] = {
        1: [("Cookie", f"velora_page_17655={guess}")],
        2: [("Authorization", f"Bearer {guess}")],
        3: [_PAGE, ("Authorization", f"Basic {guess}")],
        4: [("Cookie", guess), ("X-Forwarded-For", "127.0.0.1")],
        5: [],
    }[way]
    if draw(st.booleans()):
        return _request("a guess", "GET", draw(st.sampled_from(_READABLE[3:])), [_HOST, *how])
    method, path, body = draw(_CHANGES)
    return _request("a guess", method, path, [_HOST, _ORIGIN, *how, _JSON], body)


@st.composite
def _malformed(draw: st.DrawFn) -> Hostile:
    """No HTTP, or such that two readers understand differently."""
    way = draw(st.integers(0, 9))
    method, path, body = draw(_CHANGES.filter(lambda change: change[0] != "DELETE"))
    known = [_HOST, _ORIGIN, draw(_CREDENTIALS), _JSON]
    number = draw(st.integers(1, 60))
    if way == 0:
        return Hostile("malformed", draw(st.binary(min_size=1, max_size=300)), ends=True)
    if way == 1:
        version = draw(st.sampled_from(["HTTP/2.0", "HTTP/0.9", "HTTP/9", "http/1.1", "X"]))
        return _request("malformed", method, path, known, body, version=version)
    if way == 2:
        more = ("Content-Length", draw(st.sampled_from(["0", "-1", "+2", "2x", "٣", "1e1", " "])))
        return _request("malformed", method, path, [*known, more], body)
    if way == 3:
        coding = draw(st.sampled_from(["chunked", "gzip, chunked", "identity", "x", "CHUNKED"]))
        return _request("malformed", method, path, [*known, ("Transfer-Encoding", coding)], body)
    if way == 4:
        return _request(
            "malformed", method, path, known, body, length=len(body) + number, ends=True
        )
    if way == 5:
        return _request("malformed", method, path, [*known, ("Host", _EVIL)], body)
    if way == 6:
        filling = [(f"X-{count}", "y" * 400) for count in range(40 + number)]
        return _request("malformed", method, path, [*filling, *known], body)
    if way == 7:
        whole = _request("malformed", method, path, known, body)
        head = whole.text.index(b"\r\n\r\n")
        return Hostile("malformed", whole.text[: head - number % 20], ends=True)
    if way == 8:
        size = draw(st.sampled_from([65_537, 10**7, 10**12, 10**30]))
        return _request("malformed", method, path, known, body, length=size)
    inside = f"GET {_API}/state HTTP/1.1\r\nHost: {{HOST}}\r\nCookie: {{COOKIE}}\r\n\r\n"
    return _request("malformed", "POST", "/nothing", known, inside.encode(), length=number)


_JSON_VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=6,
)
_WRONG: Final[st.SearchStrategy[dict[str, Any]]] = st.one_of(
    st.sampled_from(
        [
            *({"title": "two\nlines"}, {"title": "\x00"}, {"title": "\u202e\x1b[2J"}),
            *({"title": "x" * 5000}, {"title": ["x"]}, {"title": None}, {"live_interval": True}),
            *({"live_interval": -1}, {"live_interval": 10**40}, {"protocol": "ftp"}),
            *({"update_on_start": "yes"}, {"program_name": "Evil"}, {"page_kept": True}),
            *({"preset_export": "/etc/passwd"}, {"preset_import": "/etc/passwd"}),
            *({"dock_address": "x"}, {"page_address": "x"}, {"program": "x"}),
        ]
    ),
    _JSON_VALUES.map(lambda value: {"nothing": value}),
    _WORDS.map(lambda key: {f"{key}'": "x"}),
)
_RIGHT: Final[st.SearchStrategy[dict[str, Any]]] = st.sampled_from(
    [{}, {"title": "Evil"}, {"update_on_start": False}]
)


@st.composite
def _values(draw: st.DrawFn) -> Hostile:
    """Something for the fields that they can't hold, beside what they can."""
    values: dict[str, Any] = {**draw(_RIGHT), **draw(_WRONG)}
    headers = [_HOST, _ORIGIN, draw(_CREDENTIALS), _JSON]
    way = draw(st.integers(0, 4))
    if way == 0:
        broken = draw(
            st.sampled_from(
                [b"[" * 30_000, b'{"a":' * 9_000, b"{", b"[]", b"null", b'{"title": NaN}', b"\xff"]
            )
        )
        return _request("values", "PATCH", f"{_API}/values", headers, broken)
    if way == 1:
        action = draw(st.sampled_from(["update_now", "configure", "regenerate", "sign_out"]))
        body = json.dumps({"values": values}).encode()
        return _request("values", "POST", f"{_API}/actions/{action}", headers, body)
    body = json.dumps(values).encode()
    return _request("values", "PATCH", f"{_API}/values", headers, body)


@st.composite
def _action(draw: st.DrawFn) -> Hostile:
    """A button that there is not, or not for whoever presses it."""
    who = draw(_CREDENTIALS)
    name = draw(
        st.sampled_from(
            [
                *("program_add", "program_revoke", "open_page", "close_page", "regenerate_yes"),
                *("copy_key", "copy_key_yes", "preset_delete_yes", "keep_this_key", "nothing"),
                *("UPDATE_NOW", "update_now/", "update_now%20", "../values", "__class__"),
            ]
        )
        | st.from_regex(r"x[a-z_]{0,45}", fullmatch=True)
    )
    headers = [_HOST, _ORIGIN, who, _JSON]
    method = draw(st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "DELETE"]))
    return _request("an action", method, f"{_API}/actions/{name}", headers, b"{}")


@st.composite
def _wrong_method(draw: st.DrawFn) -> Hostile:
    """A method that an address has not."""
    path, right = draw(
        st.sampled_from(
            [
                *((f"{_API}/state", "GET"), (f"{_API}/values", "PATCH"), ("/", "GET")),
                *((f"{_API}/words", "GET"), ("/page.js", "GET"), (f"{_API}/events", "GET")),
            ]
        )
    )
    methods = _METHODS | st.from_regex(r"[A-Z]{3,12}", fullmatch=True)
    method = draw(methods.filter(lambda method: method != right))
    headers = [_HOST, _ORIGIN, draw(_CREDENTIALS), _JSON]
    return _request("a method", method, path, headers, b"{}")


@st.composite
def _relay(draw: st.DrawFn) -> Hostile:
    """A stream that is none, or to somewhere else."""
    handle = draw(st.sampled_from(["", "/x", "/..", "/http://evil.test", "/" + "a" * 70]))
    body: dict[str, Any] = draw(
        st.sampled_from(
            [
                *(
                    {},
                    {"offer": 1},
                    {"offer": None},
                    {"fragment": "x"},
                    {"offer": "v=0", "url": "x"},
                ),
                *({"offer": "v=0", "address": "http://evil.test/"}, {"offer": ["v=0"]}),
            ]
        )
    )
    method = draw(st.sampled_from(["POST", "PATCH", "PUT", "HEAD"]))
    headers = [_HOST, _ORIGIN, draw(_CREDENTIALS), _JSON]
    return _request("a relay", method, f"{_API}/whip{handle}", headers, json.dumps(body).encode())


_HOSTILE: Final = st.one_of(
    *(_elsewhere(), _cross_site(), _form(), _path(), _stranger(), _malformed(), _values()),
    *(_action(), _wrong_method(), _relay()),
)


def invent(count: int, number: int) -> list[Hostile]:
    """Return so many requests; the same number brings the same ones."""
    found: list[Hostile] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(_HOSTILE)
    def note(request: Hostile) -> None:
        found.append(request)

    note()
    return found[:count]


def send(request: Hostile, target: Target) -> bytes:
    """Send a request; return all that comes back."""
    found = b""
    with (
        suppress(ConnectionError),
        socket.create_connection(("127.0.0.1", target.port), timeout=_TIMEOUT) as connection,
    ):
        connection.sendall(request.for_target(target))
        if request.ends:
            connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            found += part
    return found


def status_of(answer: bytes) -> int | None:
    """Return an answer's status; None for a connection that was cut."""
    found = _STATUS.match(answer)
    return int(found[1]) if found else None


def findings(request: Hostile, answer: bytes, secrets: Iterable[str]) -> list[str]:
    """Return what is wrong with an answer."""
    status = status_of(answer)
    if not answer:
        return []
    wrong = []
    if status is None or status < 400 or status == 500:
        wrong.append(f"{status} for {request.kind}: {request.text[:300]!r}")
    head = answer.partition(b"\r\n\r\n")[0].lower()
    if b"access-control" in head or b"set-cookie" in head:
        wrong.append(f"a header for {request.kind}: {request.text[:300]!r}")
    if b"frame-ancestors 'none'" not in head or b"no-store" not in head:
        wrong.append(f"headers are missing for {request.kind}: {request.text[:300]!r}")
    if any(secret.encode() in answer for secret in (*secrets, "Traceback")):
        wrong.append(f"a secret for {request.kind}: {request.text[:300]!r}")
    return wrong
