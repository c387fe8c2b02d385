"""A browser streams through the page of a real OBS, and OBS quits meanwhile."""

from __future__ import annotations

from tests.e2e.world import World
from tests.harness import BrowserButton, Profile, wait_until
from tests.harness.whip_server import WhipServer
from tests.page.driver import ENTER, PageBrowser
from tests.page.studio import ALLOWED, MEDIA


def test_quit__ends_the_stream_of_the_page(world: World) -> None:
    button = BrowserButton(world.folder / "browser")
    with WhipServer() as whip, PageBrowser(*MEDIA, ALLOWED) as browser:
        world.velora.account.whip_url = whip.url
        world.start(
            {"title": "Hello"},
            environment=button.environment,
            profiles=[Profile(service=world.velora_service())],
        )
        world.press("Open the dock")
        browser.show(button.wait(1), width=900)
        browser.run("document.querySelector('#stream').click()")
        browser.wait("return document.querySelector('.told dd')", "the page that streams")
        browser.focus("#main")
        browser.press(ENTER)
        wait_until(lambda: whip.frames > 5, what="frames", details=browser.text)
        assert world.updates() == [{"title": "Hello"}]
        world.quit_clean()
        wait_until(lambda: whip.deleted == ["/resource/1"], what="the stream to be deleted")
        told = "OBS was closed, and the stream with it"
        wait_until(lambda: told in browser.text(), what="the page to say so")
