"""The app that a distributor has registered."""

from __future__ import annotations

from pathlib import Path

from velora_install.exit_codes import Exit

from tests.unit.install.machine import (
    Machine,
    small_source,
)

APP = '{"client_id": "c", "client_secret": "test_secret"}'


def test_distributors_app__is_installed_kept_private_and_goes(
    machine: Machine, tmp_path: Path
) -> None:
    source = small_source(tmp_path / "source", "1.0.0")
    (source / "velora_app.json").write_text(APP)
    machine.installs_from(source)
    machine.collection()
    before = machine.everything()
    assert machine.run()[0] == Exit.DONE
    app = machine.script.parent / "velora_app.json"
    assert app.read_text() == APP
    assert app.stat().st_mode & 0o777 == 0o600
    # Another version without one leaves it; another one replaces it.
    (source / "velora_app.json").unlink()
    assert machine.run()[0] == Exit.DONE
    assert app.read_text() == APP
    (source / "velora_app.json").write_text("{}")
    assert machine.run()[0] == Exit.DONE
    assert app.read_text() == "{}"
    assert machine.run("--uninstall")[0] == Exit.DONE
    assert machine.everything() == before
    assert not machine.script.parent.parent.exists()


def test_app_that_was_put_there_by_hand__goes_with_uninstall(machine: Machine) -> None:
    machine.collection()
    machine.run()
    (machine.script.parent / "velora_app.json").write_text(APP)
    machine.run("--uninstall")
    assert not machine.script.parent.parent.exists()
