"""`velora companion` beside a model of OBS: what is typed, and what is said."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import requests

from tests.integration.companion.session import Session
from tests.ports import free_port
from tests.unit.fakes import KEY, RTMP, FakeVelora, wait_for
from tests.unit.model_meld import ModelMeld
from tests.unit.model_obs import OTHER, ModelObs
from velora_core.cli.exit_codes import ExitCode
from velora_core.storage.storage import default_folder
from velora_hosts.command_line import main
from velora_hosts.companion import command as module
from velora_hosts.companion.settings import CompanionSettings
from velora_hosts.companion.terminal import Terminal
from velora_hosts.obs_websocket.link import SCRIPT_HOTKEY


def test_what_is_typed__is_done(obs: ModelObs, velora: FakeVelora, session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("is connected to OBS")
        yield "configure"
        session.hears("will stream to")
        assert obs.services["Main"][1]["key"] == KEY
        for number, line in enumerate(("title Hello", "tags a, b"), 1):
            yield line
            session.hears("That is noted", times=number)
        obs.stream("STARTING", "STARTED")
        wait_for(lambda: velora.named("update"))
        obs.stream("STOPPING", "STOPPED")
        yield "nonsense"
        session.hears("You can enter", times=2)
        session.hears("Velora now has the title")
        yield "load"
        session.hears("shows what Velora has")
        assert session.text.count("Velora now has the title") == 1  # and not once more
        yield "protocol carrier-pigeon"
        session.hears("rtmp, srt or whip")
        yield "preset none"
        session.hears("no preset “none”")
        yield "restore"
        session.hears("again", times=1)
        wait_for(lambda: obs.services["Main"] == ("rtmp_common", OTHER))
        yield "quit"

    assert session.run(lines(), "--host", f"obs=:{obs.port}") == ExitCode.OK
    assert velora.named("update") == [{"title": "Hello", "tags": ("a", "b")}]
    assert KEY not in session.text
    wait_for(lambda: not obs.identified)


def test_srt_that_is_refused__has_a_way_out_that_can_be_typed(
    obs: ModelObs, session: Session
) -> None:
    def server() -> object:
        return obs.services["Main"][1].get("server")

    def lines() -> Iterator[str]:
        session.hears("is connected to OBS")
        for number, line in enumerate(("protocol srt", "srt-id default/{app}/{key}"), 1):
            yield line
            session.hears("That is noted: enter configure to use it", times=number)
        yield "configure"
        session.hears("will stream to srt://")
        assert obs.services["Main"][1]["key"] == f"default%2Flive%2F{KEY}"
        obs.stream("STARTING", "STOPPED")
        session.hears("Enter use-rtmp, or try another SRT stream id")
        yield "use-rtmp"
        session.hears(f"will stream to {RTMP}")
        assert server() == RTMP
        yield "quit"

    assert session.run(lines(), "--host", f"obs=:{obs.port}") == ExitCode.OK


def test_srt_that_goes_on_trying__is_given_up_for_rtmp(obs: ModelObs, session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("is connected to OBS")
        yield "protocol srt"
        session.hears("That is noted")
        yield "configure"
        session.hears("will stream to srt://")
        obs.stream("STARTING", "RECONNECTING")
        session.hears("keeps trying")
        yield "use-rtmp"
        session.hears(f"will stream to {RTMP}")
        assert obs.names().count("StopOutput") == 1
        assert not obs.streaming
        yield "quit"

    assert session.run(lines(), "--host", f"obs=:{obs.port}") == ExitCode.OK


def test_two_obs__each_has_its_own_and_is_named(obs: ModelObs, session: Session) -> None:
    with ModelObs() as other:
        other.hotkeys.append(SCRIPT_HOTKEY)
        first, second = f"127.0.0.1:{obs.port}", f"127.0.0.1:{other.port}"

        def lines() -> Iterator[str]:
            session.hears(f"{first}: Velora is connected")
            session.hears(f"{second}: Velora's script is loaded")
            yield "configure"
            session.hears(f"{first}: OBS ({first}) will stream to {RTMP}")
            session.hears(f"{second}: Nothing was done")
            yield "quit"

        again = f"localhost:{obs.port}"
        places = (f"obs={place}" for place in (first, second, first, again))
        arguments = [argument for place in places for argument in ("--host", place)]
        assert session.run(lines(), *arguments) == ExitCode.OK
        assert obs.names().count("GetVersion") == 1
        assert other.services["Main"] == ("rtmp_common", OTHER)


def test_second_companion_of_the_same_obs__leaves_it_to_the_first(
    obs: ModelObs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TAKING_OVER", 0.01)
    arguments = ("--host", "other=vMix", "--host", f"obs=:{obs.port}")

    def lines() -> Iterator[str]:
        session.hears("is connected to OBS")
        assert main(["companion", *arguments[2:]]) == ExitCode.FAILED
        session.hears(f"already serves 127.0.0.1:{obs.port}")
        assert obs.names().count("GetVersion") == 1
        yield "quit"

    for _ in range(2):  # what one has served, the next one may serve
        obs.requests.clear()
        assert session.run(lines(), *arguments) == ExitCode.OK
        session.begin_anew()


def test_two_companions_of_the_same_two__one_of_them_serves_both(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TAKING_OVER", 0.01)
    settings = CompanionSettings(default_folder())
    first, second = (settings.serving(name) for name in ("Encoder", "vMix"))
    with first.held(0.0) as free:
        assert free
        for hosts in (("vMix", "Encoder"), ("Encoder", "vMix")):
            typed = [part for host in hosts for part in ("--host", f"other={host}")]
            with second.held(0.0) as other:  # which neither wants before it has the first
                assert other
                assert main(["companion", *typed]) == ExitCode.FAILED
            assert "already serves Encoder" in "".join(capsys.readouterr())


def test_software_of_several_kinds__each_streams_by_itself(
    obs: ModelObs, velora: FakeVelora, session: Session
) -> None:
    with ModelMeld() as first, ModelMeld() as second:

        def lines() -> Iterator[str]:
            session.hears("is connected to Meld Studio", times=2)
            yield "title Hello"
            session.hears("That is noted", times=3)
            second.set(isStreaming=True)
            session.hears(f"meld 127.0.0.1:{second.port}: Velora now has the title")
            assert len(velora.named("update")) == 1
            yield "live"
            session.hears("vMix: vMix counts as live until")
            session.hears("Meld Studio itself tells when it streams", times=2)
            yield "quit"

        ports = (f"meld=:{first.port}", f"meld=:{second.port}", "other=vMix")
        arguments = [argument for port in ports for argument in ("--host", port)]
        assert session.run(lines(), *arguments) == ExitCode.OK


def test_given_title__is_taken(obs: ModelObs, velora: FakeVelora, session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("is connected")
        yield "update"
        wait_for(lambda: velora.named("update"))
        yield "quit"

    arguments = ("--host", f"obs=:{obs.port}", "--title", "Given", "--tag", "a", "--tag", "b")
    assert session.run(lines(), *arguments) == ExitCode.OK
    assert velora.named("update") == [{"title": "Given", "tags": ("a", "b")}]


def test_another_computer__is_asked_about(
    obs: ModelObs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"127.0.0.2:{obs.port}"
    assert session.run([], "--host", f"obs={place}") == ExitCode.FAILED
    session.hears("your stream key would go there unencrypted")
    assert obs.requests == []
    asked: list[str] = []

    def agrees(_: Terminal, question: str) -> bool:
        asked.append(question)
        return True

    monkeypatch.setattr(Terminal, "agrees", agrees)

    def lines() -> Iterator[str]:
        session.hears("OBS does not answer")  # nothing listens there
        yield "quit"

    for _ in range(2):
        assert session.run(lines(), "--host", f"obs={place}") == ExitCode.OK
    assert len(asked) == 1


def test_kicked__connect_brings_it_back(obs: ModelObs, session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("is connected")
        obs.kick()
        session.hears("enter connect")
        yield "connect"
        session.hears("is connected", times=2)
        obs.password = "test password"
        obs.kick()
        session.hears("enter connect", times=2)
        yield "password"
        session.hears("asks for a password, and none is known")
        yield "quit"

    assert session.run(lines(), "--host", f"obs=:{obs.port}") == ExitCode.OK


@pytest.mark.usefixtures("obs")
def test_help__needs_no_connection(session: Session) -> None:
    def lines() -> Iterator[str]:
        session.hears("Meld Studio does not answer")
        yield "help"
        session.hears("You can enter", times=2)
        assert "Nothing was done" not in session.text
        yield "quit"

    assert session.run(lines(), "--host", "meld=:1") == ExitCode.OK


@pytest.mark.parametrize("host", ["vmix", "xsplit=studio-pc", "obs=a:b", "obs=http://a"])
def test_host_that_makes_no_sense(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["companion", "--host", host])
    assert ended.value.code == ExitCode.USAGE
    assert "is no" in capsys.readouterr().err


def test_extra_missing__is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("velora_hosts.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "websocket", None)
    from velora_core.cli.main import main as core_main
    from velora_hosts.companion.arguments import COMPANION

    assert core_main(["companion"], more=(COMPANION,)) == ExitCode.FAILED
    said = capsys.readouterr().err
    assert "The Python package “websocket-client” is missing" in said


def test_completion__has_it(capsys: pytest.CaptureFixture[str]) -> None:
    for shell in ("bash", "zsh", "fish", "powershell"):
        assert main(["completion", shell]) == ExitCode.OK
        printed = capsys.readouterr().out
        assert "companion" in printed
        assert "unencrypted" in printed


def test_page__is_served(obs: ModelObs, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def browse(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", browse)
    monkeypatch.setattr("velora_core.web.server.PORT", free_port())  # and nobody else's

    def lines() -> Iterator[str]:
        session.hears("is connected")
        yield "page"
        wait_for(lambda: opened)
        assert requests.get(opened[0], timeout=30).status_code == 200
        yield "quit"

    assert session.run(lines(), "--host", f"obs=:{obs.port}") == ExitCode.OK
    with pytest.raises(requests.ConnectionError):
        requests.get(opened[0], timeout=30)
