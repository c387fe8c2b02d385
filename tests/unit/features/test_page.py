"""The page's buttons: on, off, kept on, and other programs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TIMEOUT, FakeHost, run, run_until_idle, wait_for
from velora_core.application import Application
from velora_core.errors import PagePortsTaken, StorageError, TimedOut
from velora_core.features.page import Page
from velora_core.panel.elements import Action
from velora_core.secret import Secret
from velora_core.storage.page_access import PageAccess

ADDRESS = "http://127.0.0.1:17655/?secret=test_secret"


class FakeServer:
    """Stands for `velora_core.web`."""

    def __init__(self, *_: Any) -> None:
        self.address = Secret(ADDRESS)
        self.closed = False
        self.changes = 0

    def entry(self) -> Secret:
        return Secret("http://127.0.0.1:17655/?ticket=test_ticket")

    def changed(self) -> None:
        self.changes += 1

    def close(self) -> None:
        self.closed = True


class Started:
    """What was started, and what happens then."""

    def __init__(self) -> None:
        self.servers: list[FakeServer] = []
        self.error: Exception | None = None
        self.gate: threading.Event | None = None
        self.begun = threading.Event()

    def __call__(self, app: Application, page: Page, access: PageAccess) -> FakeServer:
        assert access.value_for("x")
        self.begun.set()
        if self.gate:
            assert self.gate.wait(5)
        if self.error:
            raise self.error
        self.servers.append(FakeServer())
        return self.servers[-1]


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def app(make: Any, started: Started, opened: list[str]) -> Application:
    app: Application = make(page=started)
    run_until_idle(app)
    app.edit({"section": "page"})
    return app


def test_nothing__is_started_by_itself(app: Application, started: Started) -> None:
    app.panel_opened()
    run_until_idle(app)
    assert started.servers == []
    assert app._runtime.changed is None


def test_open__starts_it_once_and_opens_it_with_a_ticket(
    app: Application, started: Started, opened: list[str]
) -> None:
    assert not app.panel().shows("page_address")
    for _ in range(2):
        said = run(app, app.press(Action.OPEN_PAGE))
        assert said == "Velora opens as a page in your browser."
    wait_for(lambda: len(opened) == 2)
    assert len(started.servers) == 1
    assert all("ticket" in address for address in opened)
    assert app.panel().find("page_address").value == ADDRESS
    assert app.panel().shows("page_address")


def test_open__without_a_browser_says_what_to_do(
    app: Application, host: FakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    run(app, app.press(Action.OPEN_PAGE))
    wait_for(lambda: "copy the dock address" in app.state.status)
    assert "secret" not in app.state.status
    app.process_ui_queue()  # a terminal has only what is logged
    assert "copy the dock address" in host.logged[-1][1]


def test_open__without_a_port_says_so(app: Application, started: Started) -> None:
    started.error = PagePortsTaken(reason="full")
    assert "any port (full)" in run(app, app.press(Action.OPEN_PAGE))
    assert not app.features.page.on


def test_open__without_disk_space_opens_all_the_same(
    app: Application, started: Started, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError(folder="full", reason="No space left on device")

    monkeypatch.setattr("velora_core.storage.private_file.PrivateFile.write", full)
    run(app, app.press(Action.OPEN_PAGE))
    wait_for(lambda: opened)
    assert len(started.servers) == 1
    assert any("No space left on device" in entry.sentence for entry in app._runtime.status_history)


def test_turned_off__it_stays_off(app: Application, started: Started) -> None:
    app.edit({"page_kept": True})
    run_until_idle(app)
    assert len(started.servers) == 1
    assert run(app, app.press(Action.CLOSE_PAGE)) == "The dock is off."
    assert started.servers[0].closed
    assert app.settings.page_kept is False
    run_until_idle(app)
    assert len(started.servers) == 1
    assert not app.panel().shows("page_address")


def test_kept_on__follows_the_check_box(app: Application, started: Started) -> None:
    for wanted in (True, False, True):
        app.edit({"page_kept": wanted})
        run_until_idle(app)
        assert app.features.page.on is wanted
    assert [server.closed for server in started.servers] == [True, False]


def test_kept_on__is_on_after_loading(make: Any, started: Started, opened: list[str]) -> None:
    app = make(page=started)
    app.edit({"page_kept": True})
    run_until_idle(app)
    assert len(started.servers) == 1
    assert opened == []


def test_changes__are_told(app: Application, started: Started) -> None:
    run(app, app.press(Action.OPEN_PAGE))
    server = started.servers[0]
    changes: list[Callable[[], None]] = [
        lambda: app.edit({"title": "Hello"}),
        lambda: app._runtime.change(last_stream="x"),
        lambda: app._runtime.show("Hello."),
    ]
    for change in changes:
        before = server.changes
        change()
        assert server.changes > before


def test_close__while_it_starts_leaves_nothing(app: Application, started: Started) -> None:
    started.gate = threading.Event()
    job = app.press(Action.OPEN_PAGE)
    assert started.begun.wait(5)
    app.close()
    started.gate.set()
    assert job.wait(5)
    wait_for(lambda: started.servers and started.servers[0].closed)
    assert not app.features.page.on


def test_close__ends_it(app: Application, started: Started) -> None:
    run(app, app.press(Action.OPEN_PAGE))
    app.close()
    assert started.servers[0].closed


def test_program__has_a_token_that_is_shown_once(app: Application) -> None:
    app.edit({"program_name": "Deck"})
    assert run(app, app.press(Action.PROGRAM_ADD)).startswith("Deck may control Velora")
    token = str(app.panel().find("program_token").value)
    assert len(token) > 20
    assert token not in app.state.status
    assert token not in repr(app.state)
    assert app.panel().find("program_name").value == ""
    program = app.state.page.programs[0][0]
    app.panel_opened()
    app.edit({"section": "page"})
    assert not app.panel().shows("program_token")
    app.edit({"program": program})
    assert run(app, app.press(Action.PROGRAM_REVOKE)) == "Deck can no longer control Velora."
    assert app.state.page.programs == ()


def test_program__the_next_ones_name_typed_meanwhile_stays(app: Application) -> None:
    app.edit({"program_name": "Deck"})
    adding = app.press(Action.PROGRAM_ADD)
    app.edit({"program_name": "Bot"})
    run(app, adding)
    assert [program.name for program in app._session.storage.page.programs] == ["Deck"]
    assert app.settings.program_name == "Bot"


def test_program__without_a_name_is_none(app: Application) -> None:
    assert "has no name yet" in run(app, app.press(Action.PROGRAM_ADD))


def test_host_without_a_page__has_no_section_for_it(make: Any) -> None:
    app = make()
    app.edit({"section": "page"})
    assert "page" not in [option.value for option in app.panel().find("section").options]
    assert not app.panel().shows("open_page")


def test_ui_thread__that_ends_lets_nobody_wait(app: Application) -> None:
    outcome: list[object] = []

    def ask() -> None:
        try:
            app.features.page.on_ui(lambda: outcome.append("done"))
        except TimedOut as error:
            outcome.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(lambda: app.features.page._turns)
    app.close()
    thread.join(TIMEOUT)
    assert outcome == [TimedOut]


def test_ui_thread__passes_errors_on(app: Application) -> None:
    outcome: list[object] = []

    def fail() -> None:
        raise PagePortsTaken(reason="x")

    def ask() -> None:
        try:
            app.features.page.on_ui(fail)
        except PagePortsTaken:
            outcome.append("passed on")

    thread = threading.Thread(target=ask)
    thread.start()
    wait_for(lambda: outcome, meanwhile=app.process_ui_queue)
    thread.join(TIMEOUT)


# -- a dock of the installer's ---------------------------------------------------------------------


def test_added_dock__keeps_the_page_on_until_that_is_taken_back(
    make: Any, started: Started, folder: Path
) -> None:
    PageAccess(folder).add_entry(17655)
    app = make(page=started)
    run_until_idle(app)
    assert app.settings.page_kept
    wait_for(lambda: app.features.page.on, meanwhile=app.process_ui_queue)
    run(app, app.features.page.turn_off())
    app.close()
    again = make(page=started)
    run_until_idle(again)
    assert not again.settings.page_kept
    assert not again.features.page.on


def test_added_dock__is_forgotten_once_a_start_finds_the_page_kept(
    make: Any, started: Started, folder: Path
) -> None:
    PageAccess(folder).add_entry(17655)
    started.error = PagePortsTaken(reason="none is free")
    first = make(page=started)
    run_until_idle(first)
    assert first.settings.page_kept
    first.close()  # and nothing was stored: it crashed
    started.error = None
    second = make(page=started)
    run_until_idle(second)
    assert second.settings.page_kept
    assert second.features.page.on
    second.close()
    third = make(page=started)
    third.edit({"page_kept": True})  # as it was stored
    run_until_idle(third)
    third.close()
    fourth = make(page=started)  # another collection, in which it is not kept
    run_until_idle(fourth)
    assert not fourth.settings.page_kept


def test_added_dock__stays_off_once_the_box_is_unticked(
    make: Any, started: Started, folder: Path
) -> None:
    PageAccess(folder).add_entry(17655)
    app = make(page=started)
    run_until_idle(app)
    app.edit({"page_kept": False})
    run_until_idle(app)
    app.close()
    again = make(page=started)
    run_until_idle(again)
    assert not again.settings.page_kept


def test_added_dock__is_not_taken_by_a_program_outside(
    make: Any, started: Started, folder: Path, host: FakeHost
) -> None:
    PageAccess(folder).add_entry(17655)
    host.able = {"docks": False}
    outside = make(page=started)
    run_until_idle(outside)
    assert not outside.settings.page_kept
    outside.close()
    host.able = {}
    app = make(page=started)
    run_until_idle(app)
    assert app.settings.page_kept
