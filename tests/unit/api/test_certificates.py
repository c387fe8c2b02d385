"""Which certificates are trusted."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import NamedTuple

import certifi
import pytest
import truststore

from velora_core.api import certificates


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is trusted beside the system's own."""
    added: list[str] = []
    monkeypatch.setattr(
        truststore.SSLContext, "load_verify_locations", lambda _context, file: added.append(file)
    )
    return added


class Paths(NamedTuple):
    """What OpenSSL says of its own places; there is None for one that does not exist."""

    cafile: str | None = None
    capath: str | None = None


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_user_names_others__requests_takes_them_up(name: str) -> None:
    assert certificates.system_context({name: "/some/bundle.pem"}) is None


def test_system_has_some__those_are_trusted_and_no_others(
    monkeypatch: pytest.MonkeyPatch, added: list[str]
) -> None:
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths(cafile=certifi.where()))
    assert isinstance(certificates.system_context({}), truststore.SSLContext)
    assert added == []


@pytest.mark.parametrize("place", ["none", "empty", "gone"])
def test_system_has_none__certifi_is_trusted_too(
    place: str, monkeypatch: pytest.MonkeyPatch, added: list[str], tmp_path: Path
) -> None:
    folders = {"none": None, "empty": str(tmp_path), "gone": str(tmp_path / "x")}
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths(capath=folders[place]))
    certificates.system_context({})
    assert added == [certifi.where()]


def test_folder_of_certificates__is_enough(
    monkeypatch: pytest.MonkeyPatch, added: list[str], tmp_path: Path
) -> None:
    (tmp_path / "root.pem").touch()
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: Paths(capath=str(tmp_path)))
    certificates.system_context({})
    assert added == []
