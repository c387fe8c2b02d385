"""Velora's streaming API for broadcasting software: HTTP and logic, without OBS.

>>> from velora_core import VeloraClient
>>> with VeloraClient("your access token") as velora:      # doctest: +SKIP
...     setup = velora.get_stream_setup()
...     velora.update_stream_info(title="Hello")

The names below are the public face. They are imported when first used, because OBS loads this
package on its UI thread and must not wait there for an HTTP library. `__future__` is a file that it
would wait for, too: what that thread imports has its annotations in quotes.
"""

TYPE_CHECKING = False  # `typing` would be a third of what OBS's UI thread waits for
if TYPE_CHECKING:
    from velora_core.api.client import VeloraClient
    from velora_core.api.endpoints import Endpoints
    from velora_core.api.models import Category, Profile, StreamInfo, StreamInfoUpdate, StreamSetup
    from velora_core.api.transport import Transport
    from velora_core.auth.browser_flow import sign_in_with_browser
    from velora_core.auth.grant import ClientCredentials, Grant
    from velora_core.auth.oauth import OAuth
    from velora_core.auth.token_refresh import RefreshingTokens

    from ._version import __version__
    from .errors import VeloraError
    from .secret import Secret

__all__ = [
    "Category",
    "ClientCredentials",
    "Endpoints",
    "Grant",
    "OAuth",
    "Profile",
    "RefreshingTokens",
    "Secret",
    "StreamInfo",
    "StreamInfoUpdate",
    "StreamSetup",
    "Transport",
    "VeloraClient",
    "VeloraError",
    "__version__",
    "sign_in_with_browser",
]

_HOMES = {
    "Category": "api.models",
    "ClientCredentials": "auth.grant",
    "Endpoints": "api.endpoints",
    "OAuth": "auth.oauth",
    "Profile": "api.models",
    "Transport": "api.transport",
    "Secret": "secret",
    "Grant": "auth.grant",
    "RefreshingTokens": "auth.token_refresh",
    "StreamInfo": "api.models",
    "StreamInfoUpdate": "api.models",
    "StreamSetup": "api.models",
    "VeloraClient": "api.client",
    "VeloraError": "errors",
    "__version__": "_version",
    "sign_in_with_browser": "auth.browser_flow",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name != "__version__":
        from .messages.program import Program, speak_for

        speak_for(Program.LIBRARY)  # until an application says otherwise
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
