"""`velora page` as somebody runs it: a program of its own, a browser that streams, Ctrl-C."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from tests.harness.browser import BrowserButton
from tests.harness.processes import OwnedProcess, system_environment
from tests.harness.waiting import wait_until
from tests.harness.whip_server import WhipServer
from tests.page.driver import ENTER, PageBrowser
from tests.page.studio import ALLOWED, MEDIA
from tests.simulator import Simulator
from tests.stage import ROOT


def test_page__streams_until_ctrl_c(tmp_path: Path) -> None:
    output, button = tmp_path / "output", BrowserButton(tmp_path / "browser")
    with Simulator() as velora, WhipServer() as whip, PageBrowser(*MEDIA, ALLOWED) as browser:
        velora.account.whip_url = whip.url
        environment = {
            **system_environment(tmp_path),
            **button.environment,
            "PYTHONPATH": str(ROOT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
            "VELORA_ACCESS_TOKEN": velora.issue_token(),
            "VELORA_API_URL": velora.api_url,
        }
        command = [sys.executable, "-m", "velora_hosts", "page"]
        program = OwnedProcess(command, environment=environment, output=output)
        try:
            browser.show(button.wait(), width=900)
            browser.run("document.querySelector('#stream').click()")
            browser.wait("return document.querySelector('.told dd')", "the page that streams")
            browser.focus("#main")
            browser.press(ENTER)
            wait_until(lambda: whip.frames > 5, what="frames", details=browser.text)
            program.send(signal.SIGINT)
            assert program.wait(30) == 130
            assert whip.deleted == ["/resource/1"]
            browser.wait(
                "return document.querySelector('#said').textContent.includes('was closed')",
                "the page to say so",
            )
            assert "The page opens in your browser." in output.read_text()
            for secret in (velora.account.stream_key, "http://127", "ticket"):
                assert secret not in output.read_text()
        finally:
            program.stop()
