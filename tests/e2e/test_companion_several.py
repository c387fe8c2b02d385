"""One companion with two OBS, the second one at an address as if it were another computer's."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.companion import KEY, OWN, Companion, PageOf, started
from tests.harness import BrowserButton, Display, RtmpIngest, wait_until
from tests.simulator import Simulator


def test_two_obs__each_has_its_own_and_one_page_leads_to_both(
    display: Display, velora: Simulator, rtmp: RtmpIngest, tmp_path: Path
) -> None:
    button = BrowserButton(tmp_path / "browser")
    with started(display, OWN) as near, started(display, None) as far:
        there = f"127.0.0.2:{far.websocket_port}"
        arguments = ("--host", f"obs={there}", "--unencrypted")
        port = near.websocket_port
        with Companion(velora, tmp_path, port, *arguments, **button.environment) as companion:
            companion.hears(f"is connected to OBS at 127.0.0.1:{port}")
            companion.hears(f"is connected to OBS at {there}")
            companion.enter("configure", f"OBS ({there}) will stream to {rtmp.url}")
            companion.hears(f"OBS (127.0.0.1:{port}) will stream to {rtmp.url}")
            for obs in (near, far):
                service = obs.request("GetStreamServiceSettings")["streamServiceSettings"]
                assert (service["server"], service["key"]) == (rtmp.url, KEY)
            companion.type("page")
            page = PageOf(button.wait())
            wait_until(lambda: len(page.state().get("pages", ())) == 2, what="the other page")
            other = page.of(2)
            page.put(title="From here")
            other.put(title="From there")
            far.start_stream()
            wait_until(lambda: velora.journal.find("PUT"), what="a PUT")
            # One of them goes in the middle of its stream, and the other doesn't mind.
            far.kill()
            companion.hears(f"the connection to OBS at {there}")
            near.start_stream()
            wait_until(lambda: len(velora.journal.find("PUT")) == 2, what="a second PUT")
            titles = [put.json["title"] for put in velora.journal.find("PUT")]
            assert titles == ["From there", "From here"]
            near.stop_stream()
            far.start()
            companion.hears(f"is connected to OBS at {there}", times=2)
            companion.enter("restore", "rtmp://mine.test/app")
            assert near.service_json() == OWN
            assert companion.heard(f"the connection to OBS at 127.0.0.1:{port}") == 0
