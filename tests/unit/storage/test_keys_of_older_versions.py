"""Stream keys that an older version has stored become digests; the keys themselves go."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_mock import MockerFixture

from tests.unit.fakes import WHIP
from tests.unit.storage.storage.contents import MemoryKeyring
from velora_core.errors import StorageError
from velora_core.host.destination import Destination
from velora_core.secret import Secret
from velora_core.storage.storage import Storage
from velora_core.storage.system_keyring import Keyring

OLD, NEW, PINNED = "live_test_older", "live_test_newer", "live_test_pinned"
SANDBOX = "http://127.0.0.1:8080"
STORED: dict[str, Any] = {
    "version": 1,
    "given_keys": {"Main": [OLD, NEW], "Second": WHIP, "Damaged": [5], "Empty": ""},
    "chosen_keys": {"Main": PINNED},
    f"given_keys@{SANDBOX}": {"Main": ["live_test_sandbox"]},
    "previous_services": {"x": {"kind": 5}},
}


def to(key: str) -> Destination:
    protocol = "whip" if "://" in key else "rtmp"
    url, beside = (key, "") if protocol == "whip" else ("rtmp://x.test/live", key)
    return Destination(protocol, Secret(url), Secret(beside))


@pytest.fixture
def stored(folder: Path) -> Path:
    folder.mkdir()
    file = folder / "secrets.json"
    file.write_text(json.dumps(STORED))
    return file


def check(storage: Storage) -> None:
    assert storage.has_applied("Main", to(OLD))
    assert storage.has_applied("Main", to(NEW))
    assert storage.has_applied("Second", to(WHIP))
    assert storage.has_pinned("Main", to(PINNED))
    assert not storage.has_pinned("Main", to(NEW))
    assert set(storage.applied_keys) == {"Main", "Second"}


def test_keys__are_known_and_no_longer_stored(folder: Path, stored: Path) -> None:
    storage = Storage(folder)
    check(storage)
    storage.digest_keys()
    check(storage)
    check(Storage(folder))
    assert "live_test" not in stored.read_text()
    assert {"given_keys", "chosen_keys"} & set(json.loads(stored.read_text())) == set()
    assert json.loads(stored.read_text())["previous_services"] == {"x": {"kind": 5}}, "not OBS's"
    assert Storage(folder, origin=SANDBOX).has_applied("Main", to("live_test_sandbox"))
    before = stored.read_text()
    Storage(folder).digest_keys()
    assert stored.read_text() == before, "once is enough"


def test_newer_ones__count_beside_them(folder: Path, stored: Path) -> None:
    storage = Storage(folder)
    storage.digest_keys()
    storage.save_applied_key("Main", Secret("live_test_newest"))
    stored.write_text(json.dumps({**json.loads(stored.read_text()), "given_keys": {"Third": OLD}}))
    again = Storage(folder)
    again.digest_keys()  # an older version was used in between
    assert again.has_applied("Main", to("live_test_newest"))
    assert again.has_applied("Third", to(OLD))
    assert "live_test" not in stored.read_text()


def test_no_room__they_are_replaced_the_next_time(
    folder: Path, stored: Path, mocker: MockerFixture
) -> None:
    storage = Storage(folder)
    broken = mocker.patch("os.replace", side_effect=OSError(28, "No space left on device"))
    with pytest.raises(StorageError):
        storage.digest_keys()
    check(storage)
    assert json.loads(stored.read_text()) == STORED
    mocker.stop(broken)
    Storage(folder).digest_keys()
    assert "live_test" not in stored.read_text()


def test_read_only__nothing_is_changed(folder: Path, stored: Path) -> None:
    storage = Storage(folder, read_only=True)
    storage.digest_keys()
    check(storage)
    assert json.loads(stored.read_text()) == STORED


def test_signed_out__they_are_gone_in_any_case(folder: Path, stored: Path) -> None:
    Storage(folder).forget_sign_in()
    content = stored.read_text()
    assert OLD not in content
    assert PINNED not in content
    assert "live_test_sandbox" in content, "another origin's"


def test_locked_keyring__loses_nothing_of_what_is_in_it(folder: Path, stored: Path) -> None:
    backend = MemoryKeyring()
    keyring = Keyring(backend)
    keyring.write({"given_keys": {"Third": OLD}, "chosen_keys": {"Third": PINNED}})
    backend.locked = True
    locked = Storage(folder, keyring)
    locked.digest_keys()
    check(locked)
    assert "live_test" not in stored.read_text()
    backend.locked = False
    opened = Storage(folder, keyring)
    opened.digest_keys()
    assert opened.has_applied("Third", to(OLD))
    assert opened.has_pinned("Third", to(PINNED))
    assert opened.has_applied("Main", to(NEW))
    assert "live_test" not in "".join(backend.entries.values())
