"""The OAuth client: what a distributor has bundled, else what the user entered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from velora_core.secret import Secret

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CLIENT_FILE", "DEFAULT_PORT", "BundledClient", "redirect_uri"]

DEFAULT_PORT: Final = 17653
"""Port of the redirect address unless another one is chosen."""

CLIENT_FILE: Final = "velora_app.json"
_ID_VARIABLE: Final = "VELORA_CLIENT_ID"
_SECRET_VARIABLE: Final = "VELORA_CLIENT_SECRET"  # noqa: S105
_MAX_BYTES: Final = 16 * 1024


def redirect_uri(port: int) -> str:
    """Return the address that has to be registered with Velora exactly as it is."""
    return f"http://localhost:{port}/"


class BundledClient(NamedTuple):
    """What a distributor preset.

    Attributes:
        client_id: empty when nothing is preset.
        client_secret: None for a public client.
        port: of the registered redirect address; None for the usual one.
    """

    client_id: str = ""
    client_secret: Secret | None = None
    port: int | None = None

    @classmethod
    def find(cls, environment: Mapping[str, str], folder: Path | None) -> BundledClient:
        """Look in `VELORA_CLIENT_ID` and `VELORA_CLIENT_SECRET`, then in the preset file.

        Args:
            environment: the process's.
            folder: where `velora_app.json` may be: an object with `client_id`, `client_secret`
                and `redirect_port`, the latter two optional.
        """
        client_id = environment.get(_ID_VARIABLE, "").strip()
        if client_id:
            return cls(client_id, _secret(environment.get(_SECRET_VARIABLE)))
        if folder is None:
            return cls()
        file = folder / CLIENT_FILE
        try:
            if file.stat().st_size > _MAX_BYTES:
                return cls()
            data = json.loads(file.read_bytes())
        except (OSError, ValueError, RecursionError):
            return cls()
        if not isinstance(data, dict) or not isinstance(data.get("client_id"), str):
            return cls()
        port = data.get("redirect_port")
        usable = isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536
        return cls(
            client_id=data["client_id"].strip(),
            client_secret=_secret(data.get("client_secret")),
            port=port if usable else None,
        )


def _secret(text: object) -> Secret | None:
    return Secret(text.strip()) if isinstance(text, str) and text.strip() else None
