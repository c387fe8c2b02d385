"""Pictures of the companion beside each software, for docs/hosts.md; `tests.pictures` takes them.

The command is the real one, and so is what it says; the software is a model of it, and no picture
shows anything of the software itself.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.companion_process import CompanionProcess
from tests.harness import BrowserButton
from tests.harness.terminal import Typed, terminal_page
from tests.page.driver import PageBrowser
from tests.page.model_xsplit import ModelXsplit
from tests.simulator import Simulator
from tests.unit.model_meld import ModelMeld
from tests.unit.model_obs import ModelObs
from tests.unit.model_streamlabs import ModelStreamlabs

__all__ = ["take_host_pictures"]

_OBS, _STREAMLABS, _MELD = 4455, 28194, 13376
"""The ports that each software itself has: they can be read in the pictures."""


class _Companion(CompanionProcess):
    """The command. `lines` has what a terminal would show."""

    def __init__(self, velora: Simulator, folder: Path, *arguments: str) -> None:
        """Nothing is started yet.

        Args:
            velora: where it is signed in.
            folder: where its settings are kept.
            arguments: of `velora companion`.
        """
        self._button = BrowserButton(folder / "browser")
        super().__init__(velora, folder, *arguments, **self._button.environment)
        self.lines.append(Typed(" ".join(["$ velora companion", *arguments]) + "\n"))

    def start(self) -> None:
        super().start()
        self.hears("You can enter")

    def type(self, line: str) -> None:
        self.lines.append(Typed(line + "\n"))
        super().type(line)

    def page(self) -> str:
        """Open the page, and return its address, which counts once."""
        super().type("page")
        return self._button.wait()

    def picture(self, browser: PageBrowser, file: Path) -> None:
        """Save what a terminal would show."""
        browser.resize(820, 100)
        browser.open(terminal_page(self.lines))
        browser.screenshot(file, width=820)


_FILLED = (
    *("--title", "Building a chat bot", "--category", "Just Chatting"),
    *("--tag", "english", "--tag", "coding"),
)


def take_host_pictures(folder: Path) -> None:
    """Take them.

    Args:
        folder: where they are put; their names are ``companion-*.png``.
    """
    with TemporaryDirectory() as home, Simulator() as velora, PageBrowser() as browser:
        velora.account.stream_key = "live_test_abc123xyz789"
        velora.account.viewers = 42
        browser.prefer("dark")
        for name, take in (
            ("obs", _obs),
            ("streamlabs", _streamlabs),
            ("meld", _meld),
            ("xsplit", _xsplit),
            ("other", _other),
        ):
            velora.account.go_offline()
            take(velora, browser, Path(home) / name, folder / f"companion-{name}.png")


def _obs(velora: Simulator, browser: PageBrowser, home: Path, file: Path) -> None:
    with ModelObs(port=_OBS), _Companion(velora, home) as companion:
        companion.hears("is loaded")
        companion.enter("configure", "••••z789")
        companion.enter("title Building a chat bot", "noted")
        companion.picture(browser, file)


def _streamlabs(velora: Simulator, browser: PageBrowser, home: Path, file: Path) -> None:
    with (
        ModelStreamlabs(_STREAMLABS) as model,
        _Companion(velora, home, "--host", "streamlabs") as companion,
    ):
        companion.hears("is loaded")
        companion.enter("title Building a chat bot", "noted")
        companion.enter("configure", "••••z789")
        model.stream("starting", "live")
        companion.hears("Velora now has")
        companion.picture(browser, file)


def _meld(velora: Simulator, browser: PageBrowser, home: Path, file: Path) -> None:
    with ModelMeld(_MELD), _Companion(velora, home, "--host", "meld", *_FILLED) as companion:
        companion.hears("connected to Meld Studio")
        _show(browser, companion.page(), width=420)
        browser.run(
            "for (const it of document.querySelectorAll('details'))"
            " if (it.querySelector('[data-action=copy_key]')) it.open = true"
        )
        browser.screenshot(file, width=420)


def _xsplit(velora: Simulator, browser: PageBrowser, home: Path, file: Path) -> None:
    model = ModelXsplit(browser)
    model.start()
    with _Companion(velora, home, "--host", "xsplit", *_FILLED) as companion:
        _show(browser, companion.page().replace("/?", "/xsplit?"), width=300)
        velora.account.go_live(velora.account.stream_key)
        model.begins("Velora", velora.account.rtmp_url)
        browser.wait("return document.body.innerText.includes('42')", "the viewers")
        browser.screenshot(file, width=300)
    model.stop()


def _other(velora: Simulator, browser: PageBrowser, home: Path, file: Path) -> None:
    with _Companion(velora, home, "--host", "other=vMix", *_FILLED) as companion:
        _show(browser, companion.page(), width=420)
        browser.run("document.querySelector('[data-action=go_live]').click()")
        velora.account.go_live(velora.account.stream_key)
        browser.wait("return document.body.innerText.includes('42')", "the viewers")
        browser.run("document.activeElement.blur()")
        browser.wait(
            "return [...document.querySelectorAll('.tip')].every("
            "(tip) => !tip.checkVisibility({visibilityProperty: true, opacityProperty: true}))",
            "the tip to go",
        )
        browser.screenshot(file, width=420)


def _show(browser: PageBrowser, address: str, *, width: int) -> None:
    browser.show(address, width=width, height=200)
