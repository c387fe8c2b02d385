"""Certificates are the system's: tried behind TLS whose certificate only the system's store has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.faults.gate import Gate
from tests.simulator import Simulator
from tests.stage import ROOT

ASK = """
import sys
import certifi, requests.adapters, requests.certs
if sys.argv[2:]:  # what requests brings along
    certifi.where = requests.certs.where = lambda: sys.argv[2]
    requests.adapters.DEFAULT_CA_BUNDLE_PATH = sys.argv[2]
from velora_core.errors import VeloraError
from velora_core.api.transport import Transport
try:
    print(Transport().request("GET", sys.argv[1]).status)
except VeloraError as error:
    print(type(error).__name__)
"""
# What it takes as the system's own store, in a view of the file system that ends with the process.
STORE = """
set -e
mount -t tmpfs none /etc/ssl/certs
cp "$1" /etc/ssl/certs/ours.pem
cat "$1" > /etc/ssl/certs/ca-certificates.crt
openssl rehash /etc/ssl/certs >/dev/null
shift
exec "$@"
"""


@pytest.fixture
def gate(velora: Simulator, tmp_path: Path) -> Iterator[Gate]:
    with Gate(velora.url, tmp_path) as gate:
        gate.open(certificate=True)
        yield gate


def _ask(
    gate: Gate,
    *bundle: Path,
    host: str = "localhost",
    before: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> str:
    command: list[str | Path] = [*before, sys.executable, "-c", ASK]
    command += [f"https://{host}:{gate.port}/", *bundle]
    foreign = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, **(variables or {})},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_certificate__that_the_system_does_not_trust(gate: Gate) -> None:
    assert _ask(gate) == "TlsError"


def test_certificate__that_only_the_system_trusts(gate: Gate) -> None:
    assert _ask(gate, variables={"SSL_CERT_FILE": str(gate.certificate)}) == "404"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
def test_certificate__in_the_system_s_own_folder(gate: Gate) -> None:
    inside = ("unshare", "--mount", "--propagation", "private", "sh", "-c", STORE, "store")
    assert _ask(gate, before=(*inside, str(gate.certificate))) == "404"


def test_certificate__that_only_requests_trusts(gate: Gate) -> None:
    """As one that the system has withdrawn since the installation."""
    assert _ask(gate, gate.certificate) == "TlsError"


def test_certificate__for_another_name(gate: Gate) -> None:
    variables = {"SSL_CERT_FILE": str(gate.certificate)}
    assert _ask(gate, host="127.0.0.1", variables=variables) == "TlsError"


def test_certificate__that_the_user_has_named(gate: Gate) -> None:
    assert _ask(gate, variables={"REQUESTS_CA_BUNDLE": str(gate.certificate)}) == "404"


def test_store__that_is_empty_gets_the_list_that_comes_along(gate: Gate, tmp_path: Path) -> None:
    nothing = {"SSL_CERT_FILE": str(tmp_path / "none"), "SSL_CERT_DIR": str(tmp_path / "none")}
    assert _ask(gate, gate.certificate, variables=nothing) == "404"
    assert _ask(gate, variables=nothing) == "TlsError"
