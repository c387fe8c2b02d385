"""How long OBS takes to quit while the script waits for Velora, and what a late answer is worth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.e2e.world import SCRIPT
from tests.harness import (
    Display,
    Obs,
    ObsConfig,
    ObsInstallation,
    Profile,
    SceneCollection,
    wait_until,
)
from tests.simulator import Fault
from tests.soak.moments import TOKEN, Late, Moments

__all__ = ["QuitRow", "Quits", "measure"]

_ANSWERS = (1.0, 1.5, 2.5, 5.0)  # seconds from the request to quit until Velora answers


class QuitRow(NamedTuple):
    """Some quits in the same situation."""

    situation: str
    seconds: list[float]
    kept: int | None = None
    """After so many of them the sign-in was still there; None where nothing touched it."""


class Quits(Moments):
    """A signed-in OBS that is quit and started again."""

    def again(self) -> float:
        """Quit and start; the seconds that quitting took."""
        report = self.obs.quit()
        assert report.orderly or self._crash_without_us(report), f"OBS did not end well: {report}"
        self.velora.faults.clear()
        return report.seconds

    def idle(self) -> None:
        """Have nothing under way."""

    def hanging(self) -> None:
        """Have a request under way that nobody answers."""
        self.velora.faults.add(Fault.hang("GET", "/stream/categories"))
        self.panel.press("Refresh")

    def hanging_refresh(self) -> None:
        """Have a refresh under way that never reaches Velora."""
        asked = len(self.velora.journal.find(*TOKEN))
        self.velora.faults.add(Fault.hang(*TOKEN))
        self.let_token_end(known=False)
        self.panel.reload()
        wait_until(lambda: len(self.velora.journal.find(*TOKEN)) > asked, what="the refresh")

    def restart(self) -> None:
        """Start OBS as it was, signed in again if need be."""
        self.obs.start()
        self.panel.open(SCRIPT)
        if not self.good():
            self.begin_again()

    def quit_in_a_refresh(self, seconds: float) -> tuple[float, bool]:
        """Quit when Velora has rotated and is going to answer so many seconds later."""
        self.let_token_end(known=False)
        late = Late(self.velora, seconds, rotates_late=False)
        try:
            self.panel.reload()
            assert late.arrived.wait(40), "no tokens were asked for"
            late.go()
            took = self.again()
        finally:
            late.go()
        assert late.over.wait(40)
        return took, self.good()


def measure(installation: ObsInstallation, folder: Path, times: int) -> list[QuitRow]:
    """Return every situation so many times."""
    with Display() as display:
        rows = [QuitRow("without the script", _bare(display, installation, times))]
        with Quits(display, folder, installation=installation) as quits:
            quits.open()
            situations: dict[str, Callable[[], None]] = {
                "with it, nothing under way": quits.idle,
                "a request that is never answered": quits.hanging,
                "a refresh that never reaches Velora": quits.hanging_refresh,
            }
            for name, come in situations.items():
                row = QuitRow(name, [])
                for _ in range(times):
                    come()
                    row.seconds.append(quits.again())
                    quits.restart()
                rows.append(row)
            for seconds in _ANSWERS:
                seen = []
                for _ in range(times):
                    seen.append(quits.quit_in_a_refresh(seconds))
                    quits.restart()
                took, kept = [item for item, _ in seen], sum(good for _, good in seen)
                rows.append(QuitRow(f"a refresh, answered after {seconds:g} s", took, kept))
    return rows


def _bare(display: Display, installation: ObsInstallation, times: int) -> list[float]:
    config = ObsConfig(profiles=[Profile(fps=10)], collections=[SceneCollection(colour=None)])
    seconds = []
    with Obs(display, config, installation=installation) as obs:
        for _ in range(times):
            seconds.append(obs.quit().seconds)
            obs.start()
    return seconds
