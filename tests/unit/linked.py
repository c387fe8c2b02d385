"""A companion's link on a thread of its own, for the tests of each host that has one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from tests.unit.fakes import TIMEOUT, TOKEN, wait_for
from velora_core.app.worker import Job
from velora_core.application import Application
from velora_core.host.host import Host
from velora_hosts.companion.link import Link
from velora_hosts.companion.software import Links

__all__ = ["Linked", "no_thread_is_left"]

T = TypeVar("T")
L = TypeVar("L", bound=Link)


class Linked(Generic[L]):
    """A link, and what it has said."""

    def __init__(self, make: Callable[[Links], L], folder: Path) -> None:
        self.said: list[str] = []
        self.made: list[Application] = []
        self._folder = folder
        self.link = make(Links(self._make, lambda _, sentence: self.said.append(sentence)))
        self._thread = threading.Thread(target=self.link.run, name="velora-link", daemon=True)

    def _make(self, host: Host) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        app = Application(host, environment=environment, folder=self._folder)
        self.made.append(app)
        return app

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self.link.close()
        if self._thread.ident:
            self._thread.join(TIMEOUT)
            assert not self._thread.is_alive()

    def on_link(self, work: Callable[[], T]) -> T:
        """Have it done as the link does things, and return what came of it."""
        results: list[T] = []
        self.link.post(lambda: results.append(work()))
        wait_for(lambda: results)
        return results[0]

    @property
    def app(self) -> Application:
        wait_for(lambda: self.link.app, "an application")
        assert self.link.app
        return self.link.app

    def press(self, action: Callable[[Application], Job]) -> str:
        """Press a button, wait until all that follows is done, and return the status."""
        app = self.app
        job = self.on_link(lambda: action(app))
        assert job.wait(TIMEOUT)
        self.run_until_idle()
        return app.state.status

    def run_until_idle(self) -> None:
        app = self.app
        for _ in range(4):
            done = app._runtime.worker.submit(lambda: None)
            assert done.wait(TIMEOUT)
            self.on_link(lambda: None)

    def hears(self, part: str, *, times: int = 1) -> None:
        wait_for(
            lambda: sum(part in sentence for sentence in self.said) >= times,
            f"{part!r} in {self.said}",
        )


@contextmanager
def no_thread_is_left(name: str) -> Iterator[None]:
    """Have every thread of a name end in time."""
    yield
    for thread in threading.enumerate():
        if thread.name == name:
            thread.join(TIMEOUT)
            assert not thread.is_alive()
