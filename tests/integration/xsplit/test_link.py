"""XSplit in the companion: what its extension says, and what is done where it says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import KEY, RTMP, TOKEN, FakeVelora, run_until_idle, wait_for
from tests.unit.web.client import Client
from velora_core.application import Application
from velora_core.host.host import Host, HostScene
from velora_core.panel.elements import Action
from velora_core.web.shared_pages import SharedPages
from velora_hosts.companion.software import Links
from velora_hosts.companion.terminal import perform
from velora_hosts.xsplit.link import XsplitLink
from velora_hosts.xsplit.software import XsplitSoftware

SERVER = RTMP.rpartition("/")[0]
HERE = {"name": "Velora", "server": SERVER}
THERE = {"name": "Elsewhere", "server": "rtmp://other.test"}
RECORDING = {"name": "Local Recording", "server": ""}

NEWS = {"began": True, "streams": [HERE], "scene": None}


class Companion:
    """A link on this thread, with the page that XSplit opens."""

    def __init__(self, velora: FakeVelora, folder: Path) -> None:
        self.velora = velora
        self.said: list[str] = []
        self._folder = folder
        links = Links(self._make, lambda _, sentence: self.said.append(sentence))
        self.link: XsplitLink = XsplitSoftware("").link(links)
        self.link._open()
        assert self.link.app
        self.app: Application = self.link.app
        run_until_idle(self.app)
        wait_for(lambda: self.app.state.page.address, meanwhile=self.app.process_ui_queue)
        address = self.app.state.page.address
        assert address
        self.client = Client(self.app, address.reveal().replace("/?", "/xsplit?"))

    def _make(self, host: Host, *, follow: Callable[[Any], None], extension: Any) -> Application:
        environment = {"VELORA_ACCESS_TOKEN": TOKEN}
        page = partial(SharedPages({}).start, extension=extension)
        return Application(
            host, environment=environment, folder=self._folder, follow=follow, page=page
        )

    def turns(self) -> None:
        """Do what the link's thread would."""
        while not self.link._turns.empty():
            self.link._guarded(self.link._turns.get())
        self.app.process_ui_queue()

    def tell(
        self, *streams: dict[str, str], began: bool = False, scene: dict[str, str] | None = None
    ) -> None:
        body = {"began": began, "streams": list(streams), "scene": scene}
        reply = self.client.send("POST", "/api/v1/xsplit", body)
        assert reply.status == 200, reply.body
        self.turns()

    def knows_addresses(self) -> None:
        """Velora has said once where it takes streams."""
        self.app.wait_for(self.app.press(Action.COPY_ADDRESS))
        run_until_idle(self.app)

    @property
    def updates(self) -> list[Any]:
        run_until_idle(self.app)
        return self.velora.named("update")


@pytest.fixture
def companion(
    velora: FakeVelora, folder: Path, monkeypatch: pytest.MonkeyPatch, mocker: MockerFixture
) -> Iterator[Companion]:
    monkeypatch.setattr("velora_core.web.server.PORT", 0)
    mocker.patch("velora_core.app.clipboard.Clipboard")
    companion = Companion(velora, folder)
    assert companion.client.log_in().status == 303
    yield companion
    companion.app.close()
    companion.link._shut()


# -- the page in XSplit ----------------------------------------------------------------------------


def test_page__is_the_panel_with_the_script(companion: Companion) -> None:
    client = companion.client
    page = client.get("/xsplit")
    assert page.status == 200
    assert b'src="page.js"' in page.body
    assert b'<script type="module" src="xsplit.js"></script>' in page.body
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    script = client.get("/xsplit.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert b"recstat" in script.body
    assert b"xsplit" not in client.get("/").body


def test_page__lets_in_who_has_the_secret(companion: Companion) -> None:
    client = companion.client
    reply = client.log_in()
    assert reply.headers["Location"] == "/xsplit"
    client.cookie = ""
    for path in ("/xsplit", "/xsplit?secret=live_test_guess"):
        reply = client.get(path)
        assert (reply.status, "Open the dock" in reply.body.decode()) == (403, True)
    assert client.get("/xsplit.js").status == 401
    assert client.send("POST", "/api/v1/xsplit", NEWS).status == 401
    companion.turns()
    assert not companion.link.host.streaming()


def test_news__come_from_the_page_alone(companion: Companion) -> None:
    client, app = companion.client, companion.app
    token = app._session.storage.page.add("Deck").reveal()
    cookie, client.cookie = client.cookie, ""
    by_program = client.send("POST", "/api/v1/xsplit", NEWS, Authorization=f"Bearer {token}")
    assert by_program.status == 403
    client.cookie = cookie
    away = client.send("POST", "/api/v1/xsplit", NEWS, Origin="https://evil.test")
    assert away.status == 403
    assert client.send("POST", "/api/v1/xsplit", {"began": 1}).status == 422
    assert client.get("/api/v1/xsplit").status == 405
    companion.turns()
    assert not companion.link.host.streaming()


# -- what it says ----------------------------------------------------------------------------------


def test_stream__starts_and_ends(companion: Companion) -> None:
    companion.knows_addresses()
    perform(companion.app, "title Hello")
    companion.tell()
    assert "Velora's page is open in XSplit" in companion.said[-1]
    companion.tell(HERE, began=True)
    assert companion.link.host.streaming()
    assert companion.updates == [{"title": "Hello"}]
    companion.tell(HERE)
    companion.tell(HERE, RECORDING, began=True)
    companion.tell()
    assert not companion.link.host.streaming()
    companion.tell(HERE, began=True)
    assert companion.link.host.streaming()


def test_stream__that_runs_already_keeps_its_title(companion: Companion) -> None:
    companion.knows_addresses()
    perform(companion.app, "title Hello")
    companion.tell(HERE)
    assert companion.link.host.streaming()
    assert companion.updates == []


@pytest.mark.parametrize("stream", [THERE, RECORDING])
def test_stream__that_goes_elsewhere_is_none(companion: Companion, stream: dict[str, str]) -> None:
    companion.knows_addresses()
    companion.tell(stream, began=True)
    companion.tell(stream)
    assert not companion.link.host.streaming()
    said = [sentence for sentence in companion.said if "does not go to Velora" in sentence]
    assert len(said) == (stream is THERE)
    companion.tell(stream, HERE, began=True)
    assert companion.link.host.streaming()


def test_address__in_veloras_domain_needs_no_answer_of_velora(companion: Companion) -> None:
    companion.tell({"name": "Velora", "server": "rtmp://ingest.velora.tv"}, began=True)
    assert companion.link.host.streaming()


def test_scene__is_the_one_that_the_page_tells(companion: Companion) -> None:
    def able() -> bool:
        return companion.link.host.capabilities().scenes

    assert not able()
    companion.tell(scene={"name": "Game", "id": "{1}"})
    assert companion.link.host.scene() == HostScene("Game", "{1}")
    assert able()
    companion.tell()  # it can't tell any longer
    assert companion.link.host.scene() == HostScene()
    assert not able()


def test_without_the_extension__it_is_said_by_hand(companion: Companion) -> None:
    assert "XSplit counts as live until" in perform(companion.app, "live")
    assert companion.link.host.streaming()
    companion.knows_addresses()
    companion.tell(HERE)  # which comes to say the same
    perform(companion.app, "stopped")
    companion.tell(HERE)
    assert not companion.link.host.streaming()


# -- what is copied --------------------------------------------------------------------------------


def test_extension__is_copied_and_never_shown(companion: Companion, mocker: MockerFixture) -> None:
    clipboard = mocker.patch("velora_core.app.clipboard.Clipboard").return_value
    assert companion.link.commands["copy-extension"]() == ""
    wait_for(lambda: "for 60 seconds" in companion.said[-1], meanwhile=companion.turns)
    (copied,), how = clipboard.copy.call_args
    assert copied == companion.client.entry
    assert how == {"seconds": 60.0}
    assert companion.client.entry.partition("secret=")[2] not in " ".join(companion.said)
    companion.link._shut()
    clipboard.copy.return_value.take_back.assert_called_once_with()


def test_extension_copied_as_the_companion_quits__is_taken_back(
    companion: Companion, mocker: MockerFixture
) -> None:
    clipboard = mocker.patch("velora_core.app.clipboard.Clipboard").return_value
    companion.link.close()
    companion.link._shut()
    companion.link._copy("http://127.0.0.1:9/xsplit?secret=x")
    clipboard.copy.return_value.take_back.assert_called_once_with()


def test_configure__says_where_to_enter_it(companion: Companion) -> None:
    said = perform(companion.app, "configure")
    assert "XSplit can't be set up from here" in said
    assert KEY not in said


def test_place__there_is_none() -> None:
    with pytest.raises(ValueError, match=r"^$"):
        XsplitSoftware("studio-pc")
