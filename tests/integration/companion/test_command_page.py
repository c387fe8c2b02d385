"""The page of `velora companion`: what opens it, and for whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.integration.companion.session import Session
from tests.ports import free_port
from tests.unit.fakes import TIMEOUT, wait_for
from tests.unit.model_obs import ModelObs
from velora_core.auth.browser_flow import BrowserFlow
from velora_core.auth.client_registration import BundledClient
from velora_core.cli.exit_codes import ExitCode
from velora_core.cli.output import Output


def test_page__is_one_for_all(
    obs: ModelObs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def browse(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setattr("velora_core.web.server.PORT", 0)

    def lines() -> Iterator[str]:
        session.hears("is loaded", times=2)
        yield "page"
        wait_for(lambda: opened)
        with requests.Session() as browser:
            browser.trust_env = False
            origin = "/".join(opened[0].split("/")[:3])
            assert browser.get(opened[0]).status_code == 200

            def state(path: str) -> Any:
                return browser.get(f"{origin}{path}api/v1/state").json()

            # The first that has an application is opened, and the other one is turned on.
            first = opened[0].removeprefix(origin).partition("?")[0]
            wait_for(lambda: len(state(first).get("pages", ())) == 2)
            pages = state(first)["pages"]
            assert [page["name"] for page in pages] == ["vMix", "Wirecast"]
            assert [state(page["path"])["host"] for page in pages] == ["vMix", "Wirecast"]
        yield "quit"

    hosts = ("--host", "other=vMix", "--host", "other=Wirecast")
    assert session.run(lines(), *hosts) == ExitCode.OK
    assert len(opened) == 1


@pytest.mark.usefixtures("obs")
def test_page_without_a_browser__opens_once_by_what_the_terminal_shows(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    monkeypatch.setattr("velora_core.web.server.PORT", 0)
    monkeypatch.setattr(Output, "on_terminal", True)

    def lines() -> Iterator[str]:
        session.hears("is loaded")
        yield "page"
        session.hears("It works once: ")
        address = session.text.partition("It works once: ")[2].split()[0]
        assert requests.get(address, timeout=5).status_code == 200
        assert requests.get(address, timeout=5).status_code == 403
        assert "secret=" not in session.text
        assert session.text.count("No browser could be opened") == 1
        yield "quit"

    assert session.run(lines(), "--host", "other=vMix", terminal=True) == ExitCode.OK


@pytest.mark.usefixtures("obs")
@pytest.mark.parametrize(("typed", "printed"), [(True, False), (False, True)])
def test_page_without_a_browser__opens_by_nothing_in_a_file(
    session: Session, monkeypatch: pytest.MonkeyPatch, typed: bool, printed: bool
) -> None:
    """Of what is typed, or of what is printed, some other program has the other end."""
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    monkeypatch.setattr("velora_core.web.server.PORT", 0)
    monkeypatch.setattr(Output, "on_terminal", printed)

    def lines() -> Iterator[str]:
        session.hears("is loaded")
        yield "page"
        session.hears("run velora companion in a terminal")
        assert "http://127" not in session.text
        yield "quit"

    assert session.run(lines(), "--host", "other=vMix", terminal=typed) == ExitCode.OK


@pytest.fixture
def unopened(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is signed in, and no browser opens."""
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    monkeypatch.delenv("VELORA_ACCESS_TOKEN")
    client = BundledClient("test-client", port=free_port())
    monkeypatch.setattr(BundledClient, "find", lambda *_: client)


@pytest.mark.usefixtures("obs", "unopened")
def test_sign_in_without_a_browser__prints_veloras_address(session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("is loaded")
        for times in (1, 2):
            yield "sign-in"
            session.hears("\nhttp", times=times)
            session.hears("code_challenge=", times=times)
            session.hears("open the address that sign-in prints", times=times)
        yield "quit"

    assert session.run(lines(), "--host", "other=vMix") == ExitCode.OK


@pytest.mark.usefixtures("obs", "unopened")
def test_sign_in_that_takes_long__prints_the_address_when_it_comes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = threading.Event()
    begin = BrowserFlow.begin

    def begin_late(*values: Any, **options: Any) -> None:
        assert answered.wait(6 * TIMEOUT)
        begin(*values, **options)

    monkeypatch.setattr(BrowserFlow, "begin", begin_late)

    def lines() -> Iterator[str]:
        session.hears("is loaded")
        yield "sign-in"
        session.hears("copy the address below")
        assert "\nhttp" not in session.text
        answered.set()
        session.hears("\nhttp")
        yield "quit"

    assert session.run(lines(), "--host", "other=vMix") == ExitCode.OK
