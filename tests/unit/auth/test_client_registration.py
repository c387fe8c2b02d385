"""The app that whoever hands this out has registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from velora_core.app.state import StreamSettings
from velora_core.auth.client_registration import DEFAULT_PORT, BundledClient


def test_preset__from_the_environment(tmp_path: Path) -> None:
    environment = {"VELORA_CLIENT_ID": " id ", "VELORA_CLIENT_SECRET": "test_secret"}
    preset = BundledClient.find(environment, tmp_path)
    assert preset.client_id == "id"
    assert preset.client_secret
    assert BundledClient.find({"VELORA_CLIENT_ID": "id"}, None).client_secret is None


@pytest.mark.parametrize(
    ("content", "client_id", "port"),
    [
        ('{"client_id": "id", "client_secret": "test_secret", "redirect_port": 5000}', "id", 5000),
        ('{"client_id": "id", "redirect_port": "5000"}', "id", None),
        ('{"client_id": "id", "redirect_port": 99999}', "id", None),
        ('{"client_id": 5}', "", None),
        ("[]", "", None),
        ("{", "", None),
        ("x" * 20_000, "", None),
    ],
)
def test_preset__from_the_file(
    tmp_path: Path, content: str, client_id: str, port: int | None
) -> None:
    (tmp_path / "velora_app.json").write_text(content)
    preset = BundledClient.find({}, tmp_path)
    assert (preset.client_id, preset.port) == (client_id, port)


def test_preset__is_not_needed(tmp_path: Path) -> None:
    assert BundledClient.find({}, tmp_path) == BundledClient() == BundledClient.find({}, None)
    assert StreamSettings().redirect_port == DEFAULT_PORT
