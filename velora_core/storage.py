"""What is kept from one start to the next, in files that only the user can read.

Two of them: `secrets.json` (token, services to go back to) and `known.json` (what Velora last said
and can say again). A file that is half-written, foreign or damaged counts as empty.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import platformdirs

from .errors import StorageFailed
from .models import Category
from .secret import Secret
from .service import AudioEncoders, KeptService, Service, VeloraAddresses

__all__ = ["FOLDER_NAME", "PrivateFile", "Storage", "default_folder"]

FOLDER_NAME: Final = "velora-obs"
_VERSION: Final = 1
_LARGEST: Final = 8 * 1024 * 1024


def default_folder() -> Path:
    """Where this user's settings belong on this system."""
    return Path(platformdirs.user_config_dir(FOLDER_NAME, appauthor=False, roaming=False))


class PrivateFile:
    """A JSON object in a file that only its owner can read, replaced as a whole or not at all."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> dict[str, Any]:
        """What is stored; empty when there is nothing that this version understands."""
        try:
            if self._path.stat().st_size > _LARGEST:
                return {}
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return {}
        return data if isinstance(data, dict) and data.get("version") == _VERSION else {}

    def write(self, data: Mapping[str, Any]) -> None:
        """Stores `data`, or leaves what was stored before.

        Raises:
            StorageFailed: says which folder, and why.
        """
        folder = self._path.parent
        text = json.dumps({"version": _VERSION, **data}, ensure_ascii=False, indent=1)
        temporary = None
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            # Made with mode 0600, in the same folder so that the rename is one step.
            handle, temporary = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self._path)
            _sync_folder(folder)
        except OSError as error:
            if temporary is not None:
                with suppress(OSError):
                    os.unlink(temporary)
            reason = error.strerror or type(error).__name__
            raise StorageFailed(folder=folder, reason=reason) from None


def _sync_folder(folder: Path) -> None:
    """Makes a rename survive a power cut, where the system has a way to (Windows has none)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class Storage:
    """All that is kept. Used by one thread at a time; reads files once, when it is made.

    Each `save` method changes the value in memory first: it holds for this session even when the
    file can't be written, which raises `StorageFailed`.
    """

    def __init__(self, folder: Path) -> None:
        self._secrets = PrivateFile(folder / "secrets.json")
        self._known = PrivateFile(folder / "known.json")
        secrets, known = self._secrets.read(), self._known.read()
        token = secrets.get("access_token")
        self.token = Secret(token) if isinstance(token, str) and token else None
        self.previous = _each(secrets.get("previous_services"), _kept_service)
        self.audio_before_whip = _each(secrets.get("audio_before_whip"), _audio)
        self.addresses = _addresses(known.get("addresses"))
        self.categories = _categories(known.get("categories"))

    def save_token(self, token: Secret | None) -> None:
        """Keeps the access token that was entered, or forgets it."""
        if token != self.token:
            self.token = token
            self._write_secrets()

    def save_previous(self, profile: str, kept: KeptService | None) -> None:
        """Keeps the service that a profile had before Velora's, or forgets it."""
        if _put(self.previous, profile, kept):
            self._write_secrets()

    def save_audio_before_whip(self, profile: str, audio: AudioEncoders | None) -> None:
        """Keeps the audio encoders that a profile had before WHIP needed others."""
        if _put(self.audio_before_whip, profile, audio):
            self._write_secrets()

    def save_addresses(self, addresses: VeloraAddresses) -> None:
        """Keeps where Velora takes streams."""
        if addresses != self.addresses:
            self.addresses = addresses
            self._write_known()

    def save_categories(self, categories: tuple[Category, ...]) -> None:
        """Keeps the list of categories."""
        if categories != self.categories:
            self.categories = categories
            self._write_known()

    def _write_secrets(self) -> None:
        self._secrets.write(
            {
                "access_token": self.token.reveal() if self.token else None,
                "previous_services": {
                    profile: {
                        "kind": kept.service.kind,
                        "settings": dict(kept.service.settings),
                        "audio": list(kept.audio),
                    }
                    for profile, kept in self.previous.items()
                },
                "audio_before_whip": {
                    profile: list(audio) for profile, audio in self.audio_before_whip.items()
                },
            }
        )

    def _write_known(self) -> None:
        self._known.write(
            {
                "addresses": self.addresses and list(self.addresses),
                "categories": [list(category) for category in self.categories],
            }
        )


def _put(table: dict[str, Any], name: str, value: Any) -> bool:
    """Sets or, for None, removes an entry; says whether that changed anything."""
    if table.get(name) == value:
        return False
    if value is None:
        del table[name]
    else:
        table[name] = value
    return True


# -- from stored JSON, of which nothing is taken for granted ---------------------------------


def _each(data: object, read: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        return {}
    found = {str(name): read(value) for name, value in data.items()}
    return {name: value for name, value in found.items() if value is not None}


def _texts(data: object, least: int, most: int) -> list[str] | None:
    if not isinstance(data, list) or not least <= len(data) <= most:
        return None
    return data if all(isinstance(one, str) for one in data) else None


def _audio(data: object) -> AudioEncoders | None:
    texts = _texts(data, 2, 2)
    return AudioEncoders(*texts) if texts else None


def _kept_service(data: object) -> KeptService | None:
    if not isinstance(data, dict):
        return None
    kind, settings, audio = data.get("kind"), data.get("settings"), _audio(data.get("audio"))
    if not isinstance(kind, str) or not isinstance(settings, dict) or audio is None:
        return None
    return KeptService(Service(kind, settings), audio)


def _addresses(data: object) -> VeloraAddresses | None:
    texts = _texts(data, 3, 3)
    return VeloraAddresses(*texts) if texts else None


def _categories(data: object) -> tuple[Category, ...]:
    found = []
    for entry in data if isinstance(data, list) else []:
        texts = _texts(entry[:2] if isinstance(entry, list) else None, 2, 2)
        if texts:
            image = entry[2] if len(entry) > 2 and isinstance(entry[2], str) else None
            found.append(Category(texts[0], texts[1], image))
    return tuple(found)
