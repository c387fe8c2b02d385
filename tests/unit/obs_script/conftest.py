"""An OBS with the script in it."""

from __future__ import annotations

import _thread
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import velora_core.api.client  # noqa: F401 - so that it is among the modules that are put back
from tests.unit.conftest import no_threads
from tests.unit.fake_obspython import FakeObs, Source
from tests.unit.fakes import TOKEN, FakeVelora, wait_for
from tests.unit.obs_script.script import PACKAGES, ROOT, Script


class Unchanged:
    """The code that is loaded, as a copy of the script leaves it when it is unloaded."""

    def is_current(self, folder: str) -> bool:
        return bool(folder)


@pytest.fixture
def obs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FakeObs]:
    fake = FakeObs()
    threads = _thread._count()
    kept = {name: module for name, module in sys.modules.items() if name.split(".")[0] in PACKAGES}
    monkeypatch.setitem(sys.modules, "obspython", fake)
    monkeypatch.setattr("ctypes.PyDLL", lambda _: fake.library)
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("VELORA_ACCESS_TOKEN", TOKEN)
    # Reloading brings the real client back; nothing listens there.
    monkeypatch.setenv("VELORA_API_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    # The script imports velora_core anew if it has changed; the fakes belong to this one.
    setattr(fake, "_velora_code", Unchanged())  # noqa: B010 - where the script looks for it
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES[1:]]:
        del sys.modules[name]
    yield fake
    session = getattr(fake, "_velora_session", None)
    if session:
        session.app.close()
    # First the threads: what one still imports would end up in the modules that come back.
    wait_for(lambda: no_threads() and _thread._count() <= threads, "the threads to end")
    assert fake.references == 0
    for name in [name for name in sys.modules if name.split(".")[0] in PACKAGES]:
        del sys.modules[name]
    sys.modules.update(kept)


@pytest.fixture
def script(obs: FakeObs, velora: FakeVelora) -> Script:
    return Script(obs, {"title": "Hello", "category": "music"}).load()


@pytest.fixture
def sources(obs: FakeObs) -> dict[str, Source]:
    found = {
        "Count": Source("Count", "text_ft2_source", text="soon"),
        "Banner": Source("Banner", "text_gdiplus", text="mine"),
        "Camera": Source("Camera", "v4l2_input"),
    }
    obs.frontend.sources = found
    return found
