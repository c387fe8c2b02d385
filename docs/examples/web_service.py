"""A web service that sets the titles of streams for many users, who have signed in to it.

Usage: python3 web_service.py FOLDER PORT

    curl -X PUT http://127.0.0.1:PORT/users/ada/title --data "Hello"

FOLDER has one file for each user, NAME.json: what `Grant.to_json` gave when that user signed in.
Each user has one client, made at the first request; the requests of all of them run at once, each
on a thread of the server. A token that has to be refreshed is refreshed once, whoever needs it, and
written back at once, because its predecessor is void by then.

Whoever may call this service may set everybody's title: it listens on this computer only, and what
lets a user in is yours to put before it.
"""

import json
import os
import re
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from velora_core import (
    Endpoints,
    Grant,
    OAuth,
    RefreshingTokens,
    Transport,
    VeloraClient,
    VeloraError,
)

LONGEST = 1000  # bytes of a title


def for_this_user_alone(path: str, flags: int) -> int:
    """Open a file that is made so that no other user can read it."""
    return os.open(path, flags, mode=0o600)


class Users:
    """The clients of all users. From any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._endpoints = Endpoints.from_environment()
        self._lock = threading.Lock()
        self._clients: dict[str, VeloraClient] = {}

    def client(self, name: str) -> VeloraClient:
        """Return a user's client; raises `KeyError` for nobody."""
        with self._lock:
            if name not in self._clients:
                self._clients[name] = self._make(self._folder / f"{name}.json")
            return self._clients[name]

    def _make(self, file: Path) -> VeloraClient:
        grant = Grant.from_json(json.loads(file.read_text())) if file.exists() else None
        if grant is None:
            raise KeyError(file.stem)

        def save(grant: Grant) -> bool:
            new = file.with_suffix(".new")
            with open(new, "w", opener=for_this_user_alone) as content:
                json.dump(grant.to_json(), content)
            new.replace(file)
            return True

        transport = Transport(application="web-service-example/1.0")
        tokens = RefreshingTokens(grant, OAuth(transport, self._endpoints), save=save)
        return VeloraClient(tokens, endpoints=self._endpoints, transport=transport)


class Handler(BaseHTTPRequestHandler):
    """One request: its answer is Velora's, in one sentence."""

    users: Users

    def do_PUT(self) -> None:
        found = re.fullmatch(r"/users/([a-z0-9_-]{1,40})/title", self.path)
        length = int(self.headers.get("Content-Length") or 0)
        if found is None or not 0 < length <= LONGEST:
            self._answer(400, "PUT a title to /users/NAME/title.")
            return
        title = self.rfile.read(length).decode(errors="replace")
        try:
            self.users.client(found[1]).update_stream_info(title=title)
        except KeyError:
            self._answer(404, f"{found[1]} has not signed in.")
        except VeloraError as error:
            self._answer(503 if error.transient else 422, str(error))
        else:
            self._answer(200, "Done.")

    def _answer(self, status: int, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(folder: str, port: str) -> None:
    Handler.users = Users(Path(folder))
    with ThreadingHTTPServer(("127.0.0.1", int(port)), Handler) as server:
        print(f"http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
