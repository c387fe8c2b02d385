"""An RTMP ingest on loopback: nginx, which asks whether a stream key may publish."""

from __future__ import annotations

import http.server
import os
import socketserver
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.harness.listening import listens_on_tcp
from tests.harness.probe import MediaProbe, probe_media
from tests.harness.processes import (
    OwnedProcess,
    remove_scratch_dir,
    scratch_dir,
    system_environment,
)
from tests.harness.waiting import HarnessError, wait_until
from tests.managed import Managed
from tests.ports import free_port

__all__ = ["Publish", "RtmpIngest"]

_CONFIGURATION = """\
load_module {module};
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log info;
{user}
events {{ worker_connections 64; }}
rtmp {{
    access_log {folder}/rtmp_access.log;
    server {{
        listen 127.0.0.1:{port};
        chunk_size 4096;
        notify_method post;
        application {app} {{
            live on;
            record all;
            record_path {folder}/media;
            record_suffix -%s.flv;
            on_publish http://127.0.0.1:{notices}/publish;
            on_publish_done http://127.0.0.1:{notices}/publish_done;
        }}
    }}
}}
"""
_FLV_HEADER, _FLV_TAG_HEADER, _FLV_VIDEO = 13, 11, 9


@dataclass
class Publish:
    """One attempt to publish."""

    key: str
    """The stream key."""
    at: float
    """When, as `time.monotonic` counts."""
    accepted: bool
    arguments: dict[str, str]
    """What followed the key after a question mark."""
    first_media_at: float | None = None
    """When the first picture was there, as `time.monotonic` counts."""
    ended_at: float | None = None


class RtmpIngest(Managed):
    """An RTMP server that records what it gets. Use it as a context manager."""

    def __init__(
        self,
        *,
        on_publish: str | Callable[[str], bool] | None = None,
        on_publish_done: str | None = None,
        app: str = "live",
        port: int | None = None,
    ) -> None:
        """Nothing is started yet.

        Args:
            on_publish: decides whether a stream key may publish: the address of an endpoint that is
                sent nginx's form (the key as ``name``) and answers 2xx or not, or a function that
                takes the key. Without it, every key may.
            on_publish_done: an address that is sent nginx's form when a stream has ended.
            app: the application, the path of the ingest's address.
            port: on loopback; a free one without it.
        """
        self._on_publish = on_publish
        self._on_publish_done = on_publish_done
        self.app = app
        self.port = port or free_port()
        self.publishes: list[Publish] = []
        """All attempts so far, refused ones included."""
        self._folder: Path | None = None
        self._nginx: OwnedProcess | None = None
        self._notices: _Notices | None = None
        self._watch: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """What OBS calls the server, without the key."""
        return f"rtmp://127.0.0.1:{self.port}/{self.app}"

    def start(self) -> None:
        """Start nginx and wait until it listens."""
        self._folder = folder = scratch_dir("rtmp")
        (folder / "media").mkdir()
        (folder / "logs").mkdir()
        self._stopping.clear()
        try:
            self._notices = _Notices(self)
            (folder / "nginx.conf").write_text(
                _CONFIGURATION.format(
                    module="/usr/lib/nginx/modules/ngx_rtmp_module.so",
                    folder=folder,
                    port=self.port,
                    app=self.app,
                    notices=self._notices.port,
                    # Only root's workers would become somebody else.
                    user="user root;" if os.geteuid() == 0 else "",
                )
            )
            self._nginx = nginx = OwnedProcess(
                [
                    *("nginx", "-p", str(folder)),
                    *("-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")),
                ],
                environment=system_environment(folder),
                output=folder / "nginx.log",
            )

            def listens() -> bool:
                if nginx.exit_code is not None:
                    log = (folder / "nginx.log").read_text(errors="replace")
                    raise HarnessError(f"nginx did not start\n{log}")
                return listens_on_tcp(self.port)

            wait_until(listens, what=f"nginx to listen on port {self.port}")
            self._watch = threading.Thread(
                target=self._watch_media, name="rtmp-ingest", daemon=True
            )
            self._watch.start()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End nginx with its workers; the recordings are gone afterwards."""
        self._stopping.set()
        if self._watch is not None:
            self._watch.join()
            self._watch = None
        if self._nginx is not None:
            self._nginx.stop()
            self._nginx = None
        if self._notices is not None:
            self._notices.stop()
            self._notices = None
        if self._folder is not None:
            remove_scratch_dir(self._folder)
            self._folder = None

    @property
    def keys(self) -> list[str]:
        """The keys that were allowed to publish, in order."""
        return [publish.key for publish in self.publishes if publish.accepted]

    @property
    def refused_keys(self) -> list[str]:
        """The keys that were refused, in order."""
        return [publish.key for publish in self.publishes if not publish.accepted]

    def processes(self) -> set[int]:
        """Return the ids of the server's processes."""
        return self._nginx.family() if self._nginx is not None else set()

    def wait_for_media(self, *, timeout: float = 30.0) -> Publish:
        """Wait until the first picture of the newest stream is there.

        Args:
            timeout: seconds.
        """

        def arrived() -> Publish | None:
            accepted = [publish for publish in self.publishes if publish.accepted]
            if accepted and accepted[-1].first_media_at is not None:
                return accepted[-1]
            return None

        return wait_until(
            arrived, what="the first picture", timeout=timeout, details=lambda: f"{self.publishes}"
        )

    def wait_for_end(self, *, timeout: float = 30.0) -> Publish:
        """Wait until the newest stream has ended.

        Args:
            timeout: seconds.
        """

        def ended() -> Publish | None:
            accepted = [publish for publish in self.publishes if publish.accepted]
            return accepted[-1] if accepted and accepted[-1].ended_at is not None else None

        return wait_until(ended, what="the stream to end", timeout=timeout)

    def recordings(self) -> list[Path]:
        """Return the files recorded so far, the oldest first."""
        if self._folder is None:
            raise HarnessError("the ingest is not started")
        return sorted((self._folder / "media").glob("*.flv"), key=lambda p: p.stat().st_ctime)

    def probe(self) -> MediaProbe:
        """Return what the newest recording holds."""
        if not self.recordings():
            raise HarnessError("the ingest has recorded nothing")
        return probe_media(self.recordings()[-1])

    # What nginx tells

    def _decide(self, form: dict[str, str], body: bytes) -> bool:
        key = form.get("name", "")
        if callable(self._on_publish):
            accepted = self._on_publish(key)
        elif self._on_publish is not None:
            accepted = _post(self._on_publish, body)
        else:
            accepted = True
        known = {"app", "flashver", "swfurl", "tcurl", "pageurl", "addr", "clientid", "call"}
        arguments = {k: v for k, v in form.items() if k not in known | {"name", "type"}}
        self.publishes.append(
            Publish(key=key, at=time.monotonic(), accepted=accepted, arguments=arguments)
        )
        return accepted

    def _ended(self, form: dict[str, str], body: bytes) -> None:
        at = time.monotonic()
        running = [each for each in self.publishes if each.accepted and each.ended_at is None]
        ended = [each for each in running if each.key == form.get("name")][:1]
        # The end may be heard of after the beginning of the next one.
        if self._on_publish_done is not None and running == ended:
            _post(self._on_publish_done, body)
        for publish in ended:  # whoever waits for this may rely on the other, too
            publish.ended_at = at

    def _watch_media(self) -> None:
        seen: set[Path] = set()
        while not self._stopping.wait(0.02):
            waiting = [p for p in self.publishes if p.accepted and p.first_media_at is None]
            if not waiting:
                continue
            for path in self.recordings():
                if path not in seen and _holds_video(path):
                    seen.add(path)
                    waiting[-1].first_media_at = time.monotonic()


class _Notices:
    """The HTTP server nginx asks and tells."""

    def __init__(self, ingest: RtmpIngest) -> None:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
                accepted = True
                if self.path == "/publish":
                    accepted = ingest._decide(form, body)
                else:
                    ingest._ended(form, body)
                self.send_response(200 if accepted else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _post(url: str, body: bytes) -> bool:
    request = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=10) as answer:
            status: int = answer.status
            return 200 <= status < 300
    except (urllib.error.URLError, OSError):
        return False


def _holds_video(path: Path) -> bool:
    """Return whether an FLV file, still being written, holds a picture and not only its set-up."""
    data = path.read_bytes()
    at = _FLV_HEADER
    while at + _FLV_TAG_HEADER + 2 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        is_set_up = data[at + _FLV_TAG_HEADER + 1] == 0
        if data[at] == _FLV_VIDEO and not is_set_up:
            return True
        at += _FLV_TAG_HEADER + size + 4
    return False
