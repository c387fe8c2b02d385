"""TLS certificates: trust what the operating system trusts, as the user's browser does.

requests brings a list of its own, which knows no company's or virus scanner's certificate and goes
on trusting what the system has withdrawn since.
"""

from __future__ import annotations

import os
import ssl
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

__all__ = ["system_context"]

_CHOSEN_BY_USER: Final = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def system_context(environment: Mapping[str, str] | None = None) -> ssl.SSLContext | None:
    """Make a TLS context that trusts what the system trusts.

    Where OpenSSL finds nothing in its own places, as in a bare container, certifi's list is
    trusted, too.

    Args:
        environment: instead of the process's.

    Returns:
        None where the user has named other certificates, in `REQUESTS_CA_BUNDLE` or
        `CURL_CA_BUNDLE`, which requests takes up itself.
    """
    variables = os.environ if environment is None else environment
    if any(variables.get(name) for name in _CHOSEN_BY_USER):
        return None
    import truststore

    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.platform not in ("win32", "darwin") and not _openssl_has_certificates():
        import certifi

        context.load_verify_locations(certifi.where())
    return context


def _openssl_has_certificates() -> bool:
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return True
    try:
        return paths.capath is not None and any(Path(paths.capath).iterdir())
    except OSError:
        return False
