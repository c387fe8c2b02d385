"""`velora page`: what opens, what the page offers without any software, and how it ends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit.fakes import TOKEN, FakeVelora, run_until_idle, wait_for
from velora_core.application import Application
from velora_core.host.host import LogLevel
from velora_core.messages import message
from velora_core.web import start_page
from velora_hosts.command_line import main
from velora_hosts.companion.software import Links
from velora_hosts.page.host import PageHost
from velora_hosts.page.link import PageLink


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    addresses: list[str] = []
    monkeypatch.setattr("velora_core.web.server.PORT", 0)

    def browse(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    return addresses


@pytest.fixture
def said() -> list[tuple[LogLevel, str]]:
    return []


@pytest.fixture
def link(
    velora: FakeVelora, folder: Path, opened: list[str], said: list[Any]
) -> Iterator[PageLink]:
    """Opened, on this thread."""

    def make(host: PageHost) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        return Application(host, environment=environment, folder=folder, page=start_page)

    link = PageLink(Links(make, lambda *line: said.append(line)), tells_address=True)
    link._open()
    yield link
    app_of(link).close()


def app_of(link: PageLink) -> Application:
    assert link.app
    return link.app


def test_page__opens_by_an_address_that_counts_once(
    link: PageLink, opened: list[str], said: list[tuple[LogLevel, str]]
) -> None:
    wait_for(lambda: opened, "the browser")
    severity, sentence = said[-1]
    assert severity is LogLevel.INFO
    assert "/?ticket=" in sentence
    assert opened[0] not in sentence


def test_no_browser__is_said_once_with_the_address(
    link: PageLink, said: list[tuple[LogLevel, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`velora companion`'s way out is none here."""
    app_of(link).close()
    said.clear()
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    link._open()
    run_until_idle(app_of(link))
    told = [sentence for _, sentence in said if "browser" in sentence.lower()]
    assert len(told) == 1
    assert told[0].startswith("No browser could be opened")
    assert "/?ticket=" in told[0]


@pytest.mark.parametrize("browses", [True, False])
def test_address__is_for_a_terminal_only(
    link: PageLink,
    said: list[tuple[LogLevel, str]],
    monkeypatch: pytest.MonkeyPatch,
    browses: bool,
) -> None:
    app_of(link).close()
    said.clear()
    monkeypatch.setattr("webbrowser.open", lambda _: browses)
    link._tells_address = False
    link._open()
    told = [line for line in said if "The page opens in your browser." in line[1]]
    assert len(told) == browses  # it says one of the two, and never both
    failed = (LogLevel.WARNING, message("cli.page_unopened"))

    def heard() -> bool:
        app_of(link).process_ui_queue()
        return failed in said

    if not browses:
        wait_for(heard, "that there is no browser")
    run_until_idle(app_of(link))
    assert said.count(failed) == (0 if browses else 1)
    assert "127.0.0.1" not in str(said)


def test_page__offers_nothing_that_is_a_softwares(link: PageLink) -> None:
    app = app_of(link)
    run_until_idle(app)
    assert app.settings.protocol == "whip"
    keys = {element.key for element in app.sections(app.features.page.view()).walk()}
    assert {"title", "tags_entry", "update_now", "check", "regenerate"} <= keys
    assert not keys & {
        "configure", "protocol", "srt_form", "by_plugin", "copy_address", "copy_key",
        "suit_encoder", "use_rtmp", "restore",
    }  # fmt: skip


def test_command__runs_until_it_is_ended(
    monkeypatch: pytest.MonkeyPatch,
    folder: Path,
    velora: FakeVelora,
    opened: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("velora_hosts.page.command.default_folder", lambda: folder)
    monkeypatch.setattr("velora_core.storage.storage.default_folder", lambda: folder)
    monkeypatch.setattr("velora_core.storage.system_keyring.Keyring.detect", lambda: None)
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)
    made: list[PageLink] = []
    run = PageLink.run

    def noted(link: PageLink) -> None:
        made.append(link)
        run(link)

    monkeypatch.setattr(PageLink, "run", noted)

    def end() -> None:
        wait_for(lambda: opened, "the browser")
        made[0].close()

    ending = threading.Thread(target=end)
    ending.start()
    assert main(["page"]) == 0
    ending.join()
    assert "The page opens in your browser." in capsys.readouterr().out
    wait_for(lambda: not [thread for thread in threading.enumerate() if "velora" in thread.name])
