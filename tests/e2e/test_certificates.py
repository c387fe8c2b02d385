"""Velora behind a certificate that only the computer's own store has, as behind a virus scanner."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.world import World
from tests.faults.gate import Gate
from velora_core.api.endpoints import DEFAULT_API_URL

PATH = DEFAULT_API_URL.partition("://")[2].partition("/")[2]


def test_certificate__that_the_system_trusts(world: World, tmp_path: Path) -> None:
    with Gate(world.velora.url, tmp_path) as gate:
        gate.open(certificate=True)
        world.start(
            environment={
                "VELORA_API_URL": f"https://localhost:{gate.port}/{PATH}",
                "SSL_CERT_FILE": str(gate.certificate),
            }
        )
        assert "OBS will stream to" in world.press("Configure Velora")
        world.quit_clean()


def test_certificate__that_the_system_does_not_trust(world: World, tmp_path: Path) -> None:
    with Gate(world.velora.url, tmp_path) as gate:
        gate.open(certificate=True)
        url = f"https://localhost:{gate.port}/{PATH}"
        world.start(environment={"VELORA_API_URL": url})
        assert "The secure connection to localhost failed" in world.press("Configure Velora")
        world.quit_clean()
