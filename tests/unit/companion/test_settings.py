"""What the companion keeps of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from velora_core.application import Application
from velora_hosts.companion.settings import CompanionSettings, Fields

PLACE = "127.0.0.1:4455"


@pytest.fixture
def settings(tmp_path: Path) -> CompanionSettings:
    return CompanionSettings(tmp_path)


def test_agreement__is_one_places(settings: CompanionSettings, tmp_path: Path) -> None:
    assert not settings.agreed("unencrypted", "studio-pc:4455")
    settings.agree("unencrypted", "studio-pc:4455")
    again = CompanionSettings(tmp_path)
    assert again.agreed("unencrypted", "studio-pc:4455")
    assert not again.agreed("unencrypted", "other-pc:4455")
    assert not again.agreed("other", "studio-pc:4455")


def test_fields__come_back(settings: CompanionSettings, make: Any) -> None:
    app: Application = make()
    fields = Fields(settings, PLACE)
    fields.open(app, {"title": "Given"})
    assert app.settings.title == "Given"
    app.edit({"title": "Mine", "tags_entry": "a, b", "protocol": "srt", "update_on_start": False})
    fields.save(app)
    later: Application = make()
    Fields(settings, PLACE).open(later, {})
    found = later.settings
    assert (found.title, found.tags, found.protocol, found.update_on_start) == (
        "Mine", ("a", "b"), "srt", False,
    )  # fmt: skip
    elsewhere: Application = make()
    Fields(settings, "studio-pc:4455").open(elsewhere, {})
    assert elsewhere.settings.title == ""


def test_secrets__are_not_kept(settings: CompanionSettings, make: Any, tmp_path: Path) -> None:
    app: Application = make()
    fields = Fields(settings, PLACE)
    fields.open(app, {})
    app.edit({"title": "Mine", "access_token": "test_secret_token_0000"})
    fields.save(app)
    assert "test_secret" not in (tmp_path / "companion.json").read_text()


@pytest.mark.parametrize(
    "damaged",
    ["{", "[]", '{"version": 1, "fields": 5, "unencrypted": {}}', '{"version": 1, "fields": []}'],
)
def test_damaged_file__counts_as_nothing(
    settings: CompanionSettings, make: Any, tmp_path: Path, damaged: str
) -> None:
    (tmp_path / "companion.json").write_text(damaged)
    assert not settings.agreed("unencrypted", PLACE)
    app: Application = make()
    fields = Fields(settings, PLACE)
    fields.open(app, {})
    app.edit({"title": "Mine"})
    fields.save(app)
    settings.agree("unencrypted", PLACE)
    assert settings.kept("fields", PLACE)["title"] == "Mine"


def test_values_of_another_type__are_left_out(
    settings: CompanionSettings, make: Any, tmp_path: Path
) -> None:
    values = {"title": 5, "update_on_start": "no", "tags": [1, "a"], "redirect_port": True}
    text = json.dumps({"version": 1, "fields": {PLACE: values}})
    (tmp_path / "companion.json").write_text(text)
    app: Application = make()
    before = app.settings
    Fields(settings, PLACE).open(app, {})
    assert app.settings == before._replace(tags=("a",))
