"""Velora's streaming API for broadcasting software: HTTP and logic, without OBS.

>>> from velora_core import VeloraClient
>>> with VeloraClient("your access token") as velora:      # doctest: +SKIP
...     setup = velora.get_stream_setup()
...     velora.update_stream_info(title="Hello")

The names below are the public face. They are imported when first used, because OBS loads this
package on its UI thread and must not wait there for an HTTP library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from .client import VeloraClient
    from .endpoints import Endpoints
    from .errors import VeloraError
    from .models import Category, Profile, StreamInfo, StreamInfoUpdate, StreamSetup
    from .oauth import ClientCredentials, OAuth
    from .requestor import Requestor
    from .secret import Secret
    from .signed_in import SignedIn, SignIn
    from .signing_in import sign_in_with_browser

__all__ = [
    "Category",
    "ClientCredentials",
    "Endpoints",
    "OAuth",
    "Profile",
    "Requestor",
    "Secret",
    "SignIn",
    "SignedIn",
    "StreamInfo",
    "StreamInfoUpdate",
    "StreamSetup",
    "VeloraClient",
    "VeloraError",
    "__version__",
    "sign_in_with_browser",
]

_HOMES = {
    "Category": "models",
    "ClientCredentials": "oauth",
    "Endpoints": "endpoints",
    "OAuth": "oauth",
    "Profile": "models",
    "Requestor": "requestor",
    "Secret": "secret",
    "SignIn": "signed_in",
    "SignedIn": "signed_in",
    "StreamInfo": "models",
    "StreamInfoUpdate": "models",
    "StreamSetup": "models",
    "VeloraClient": "client",
    "VeloraError": "errors",
    "sign_in_with_browser": "signing_in",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
