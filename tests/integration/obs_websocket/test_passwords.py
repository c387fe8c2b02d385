"""OBS's password: known, found, or asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.unit.model_obs import ModelObs
from velora_core.host.host import LogLevel
from velora_core.secret import Secret
from velora_hosts.obs_websocket import passwords as module
from velora_hosts.obs_websocket.passwords import Passwords
from velora_hosts.websocket.address import Address

PASSWORD = "test password"


class Person:
    """Answers what a test wants."""

    def __init__(self, *typed: str, agrees: bool = False) -> None:
        self._typed = list(typed)
        self._agrees = agrees
        self.questions: list[str] = []

    def agrees(self, question: str) -> bool:
        self.questions.append(question)
        return self._agrees

    def password(self, question: str) -> Secret | None:
        self.questions.append(question)
        return Secret(self._typed.pop(0)) if self._typed else None

    def say(self, severity: LogLevel, sentence: str) -> None:
        raise AssertionError(sentence)


class Keyring(ModuleType):
    def __init__(self) -> None:
        super().__init__("keyring")
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, password: str) -> None:
        self.kept[service, name] = password


@pytest.fixture(autouse=True)
def keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Keyring:
    keyring = Keyring()
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return keyring


@pytest.fixture
def obs() -> Iterator[ModelObs]:
    with ModelObs(PASSWORD) as obs:
        yield obs


def in_obs(folder: Path, port: int, password: object) -> None:
    place = folder / "obs-studio" / "plugin_config" / "obs-websocket"
    place.mkdir(parents=True)
    settings = {"server_port": port, "server_password": password, "auth_required": True}
    (place / "config.json").write_text(json.dumps(settings))


def obtained(passwords: Passwords, obs: ModelObs, person: Person) -> str | None:
    address = Address("127.0.0.1", obs.port)
    passwords.ask_credentials(address, person)
    found = passwords.get(address)
    return found.reveal() if found else None


def test_no_password__nobody_is_asked(obs: ModelObs) -> None:
    obs.password = ""
    person = Person()
    assert obtained(Passwords(may_read_obs=False), obs, person) is None
    assert person.questions == []


def test_typed__is_kept_once_it_was_right(obs: ModelObs, keyring: Keyring) -> None:
    person = Person("wrong", PASSWORD)
    assert obtained(Passwords(may_read_obs=False), obs, person) == PASSWORD
    assert len(person.questions) == 2
    assert list(keyring.kept.values()) == [PASSWORD]
    again = Person()
    assert obtained(Passwords(may_read_obs=False), obs, again) == PASSWORD
    assert again.questions == []


def test_typed_wrong__is_asked_for_three_times(obs: ModelObs, keyring: Keyring) -> None:
    person = Person(*["wrong"] * 9)
    obtained(Passwords(may_read_obs=False), obs, person)
    assert len(person.questions) == 3
    assert keyring.kept == {}


@pytest.mark.parametrize("agrees", [True, False])
def test_obs_own_file__is_read_after_asking(obs: ModelObs, tmp_path: Path, agrees: bool) -> None:
    in_obs(tmp_path, obs.port, PASSWORD)
    person = Person(agrees=agrees)
    expected = PASSWORD if agrees else None
    assert obtained(Passwords(may_read_obs=False), obs, person) == expected
    assert "May Velora read it there" in person.questions[0]


def test_obs_own_file__agreed_to_beforehand(obs: ModelObs, tmp_path: Path) -> None:
    in_obs(tmp_path, obs.port, PASSWORD)
    person = Person()
    assert obtained(Passwords(may_read_obs=True), obs, person) == PASSWORD
    assert person.questions == []


@pytest.mark.parametrize("snap", ["common", "current"])
def test_obs_own_file__of_a_snap(obs: ModelObs, tmp_path: Path, snap: str) -> None:
    in_obs(tmp_path / "snap" / "obs-studio" / snap / ".config", obs.port, PASSWORD)
    assert obtained(Passwords(may_read_obs=True), obs, Person()) == PASSWORD


def test_obs_own_file__of_an_older_obs(obs: ModelObs, tmp_path: Path) -> None:
    folder = tmp_path / "obs-studio"
    folder.mkdir()
    text = f"[OBSWebSocket]\nServerPort={obs.port}\nServerPassword={PASSWORD}\n"
    (folder / "global.ini").write_text(text)
    assert obtained(Passwords(may_read_obs=True), obs, Person()) == PASSWORD


def test_obs_own_file__of_another_port_is_not_taken(obs: ModelObs, tmp_path: Path) -> None:
    in_obs(tmp_path, obs.port + 1, PASSWORD)
    assert obtained(Passwords(may_read_obs=True), obs, Person()) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "5", '{"server_port": "x"}', "[" * 100_000])
def test_obs_own_file__damaged(obs: ModelObs, tmp_path: Path, text: str) -> None:
    in_obs(tmp_path, obs.port, [PASSWORD])
    file = tmp_path / "obs-studio" / "plugin_config" / "obs-websocket" / "config.json"
    for written in (file.read_text(), text):
        file.write_text(written)
        assert obtained(Passwords(may_read_obs=True), obs, Person()) is None
    (tmp_path / "obs-studio" / "global.ini").write_text("no ini\x00")
    assert obtained(Passwords(may_read_obs=True), obs, Person()) is None


def test_file_of_this_computer__is_not_for_another_one(tmp_path: Path) -> None:
    in_obs(tmp_path, 4455, PASSWORD)
    assert Passwords(may_read_obs=True).get(Address("127.0.0.2", 4455)) is None


def test_obs_that_is_not_there__asks_nobody(obs: ModelObs) -> None:
    obs.stop()
    person = Person()
    obtained(Passwords(may_read_obs=False), obs, person)
    assert person.questions == []
    obs.start()


def test_keyring__that_fails_or_hangs_is_none(
    obs: ModelObs, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    held = threading.Event()
    monkeypatch.setattr(module, "_KEYRING_TIMEOUT", 0.05)

    def fails(service: str, name: str) -> str | None:
        raise RuntimeError(PASSWORD)

    def hangs(service: str, name: str) -> str | None:
        held.wait(5)
        return PASSWORD

    for broken in (fails, hangs):
        monkeypatch.setattr(keyring, "get_password", broken)
        assert obtained(Passwords(may_read_obs=False), obs, Person()) is None
    held.set()
