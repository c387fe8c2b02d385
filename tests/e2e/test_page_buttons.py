"""Each button of the page in a real Chromium, and what comes of it in a real OBS and at Velora."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.page_world import CATEGORY, TITLE, PageWorld
from tests.harness import Display, Profile, wait_until
from tests.harness.srt_gate import SrtGate
from tests.page.driver import DOWN, ENTER, SPACE, PageBrowser
from tests.page.offers import offered, to_offer
from tests.ports import free_port
from tests.simulator import Client
from velora_core.panel.elements import Action

OLD, OLDER = "live_test_other_1111", "live_test_other_2222"
NOT_HERE = {
    *("open_page", "close_page", "program_add", "program_revoke"),  # the panel's, by intention
    *("copy_key", "copy_key_yes", "copy_key_no"),  # a key never comes to the page
    *("go_live", "have_stopped"),  # where nothing tells of a stream, which OBS does
    "find_category",  # its field finds as one types
}
STATE = "return fetch('/api/v1/state').then((answer) => answer.json())"
FIRST_HIT = "return document.querySelector('[role=option] .name')?.textContent === 'Music'"


class Buttons:
    """The page beside OBS, and which of its buttons were pressed."""

    def __init__(self, world: PageWorld) -> None:
        self.world = world
        self.page = world.page
        self.pressed: set[str] = set()

    def press(self, action: str, come: Callable[[], Any], what: str) -> None:
        """Press a button that can be pressed, and wait for what it is for.

        Args:
            action: of it.
            come: whether that has come.
            what: it is.
        """
        wait_until(lambda: action in offered(self.page), what=action, details=self._details)
        assert not come(), f"{what}, before {action} was pressed"
        self.world.press_on_page(action)
        self.pressed.add(action)
        wait_until(come, what=f"{what} after {action}", details=self._details)
        self.page.wait("return !document.querySelector('[aria-busy=true]')", "its answer")
        wait_until(self._is_right, what="the page to offer what it should", details=self._details)

    def type(self, key: str, text: str) -> None:
        """Replace what is in a field, which is there or will be."""
        selector = f"[data-key={key}] :is(input, textarea)"
        self.page.wait("return document.querySelector(arguments[0])", key, selector)
        self.page.focus(selector)
        self.page.run("document.activeElement.select()")
        self.page.press(text, ENTER)  # leaving a secret's field would not send it
        wait_until(self.world.all_sent, what=f"{key} to be sent", details=self._details)

    def shows(self, key: str) -> bool:
        """Return whether there is such a field or text."""
        return bool(
            self.page.run("return document.querySelector(arguments[0])", f"[data-key={key}]")
        )

    def _is_right(self) -> bool:
        state = self.page.run(STATE)
        elements = [*state["question"], *(it for each in state["sections"].values() for it in each)]
        return offered(self.page) == to_offer(elements)

    def _details(self) -> str:
        return f"{sorted(offered(self.page))}\n{self.page.text()}"


@pytest.fixture
def buttons(display: Display, tmp_path: Path) -> Iterator[Buttons]:
    with PageBrowser() as browser, PageWorld(display, tmp_path, browser) as world:
        yield Buttons(world)


def kept(world: PageWorld, name: str) -> Any:
    """Return what the user's files hold; nothing before there is such a file."""
    file = world.obs.home / ".config" / "velora-obs" / name
    return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _holds(world: PageWorld, secret: str) -> bool:
    return secret in json.dumps(kept(world, "secrets.json"))


def service_in_obs(world: PageWorld, profile: str = "Main") -> dict[str, Any]:
    """Return what OBS has kept of a profile's service.

    From its file: obs-websocket would look at the service on a thread of its own, again and again,
    while OBS replaces it.
    """
    settings: dict[str, Any] = (world.obs.service_json(profile) or {})["settings"]
    return settings


def asked_anew(world: PageWorld, path: str) -> Callable[[], bool]:
    """Return what tells whether Velora was asked since its first call, the last look before a
    press: the script asks by itself, too."""
    counts: list[int] = []

    def anew() -> bool:
        counts.append(len(world.velora.journal.find("GET", path)))
        return counts[-1] > counts[0]

    return anew


def sign_in(buttons: Buttons) -> None:
    """By a token, then by an app that is typed in."""
    world, page = buttons.world, buttons.page
    app = world.velora.register(Client(redirect_uris=(f"http://localhost:{free_port()}/",)))
    buttons.press("sign_in", lambda: buttons.shows("client_id"), "the fields for an app")
    buttons.press("use_token", lambda: buttons.shows("access_token"), "the field for a token")
    buttons.type("access_token", world.token)
    held = partial(_holds, world, world.token)
    wait_until(held, what="the token to be kept")
    buttons.press("sign_out", lambda: not held(), "it is forgotten")
    buttons.press("sign_in", lambda: buttons.shows("client_id"), "the fields for an app")
    buttons.type("redirect_port", app.redirect_uris[0].split(":")[2].strip("/"))
    buttons.type("client_id", app.client_id)
    buttons.type("client_secret", app.client_secret or "")
    home = page.url
    buttons.press("sign_in", lambda: len(world.button.opened) == 2, "Velora in the browser")
    page.open(world.button.opened[1])
    page.submit("Allow")
    page.show(home)
    page.unfold()
    wait_until(lambda: "open_channel" in offered(page), what="to be signed in")


def set_up(buttons: Buttons) -> None:
    """OBS's service and its key."""
    world, velora = buttons.world, buttons.world.velora
    first = velora.account.stream_key

    def has(key: str, profile: str = "Main") -> Callable[[], bool]:
        return lambda: bool(service_in_obs(world, profile)["key"] == key)

    # Answered before the other profile asks, too: its button would follow this one, pressed or not.
    buttons.press("keep_this_key", lambda: not buttons.shows("key_question"), "no question")
    assert has(OLD)()
    world.obs.switch_profile("Other")
    buttons.press("use_my_key", has(first, "Other"), "the channel's key in OBS")
    buttons.press("restore", has(OLDER, "Other"), "the key from before in OBS")
    world.obs.switch_profile("Main")
    buttons.press("configure", has(first), "the channel's key in OBS")
    buttons.press("regenerate", lambda: buttons.page.focused == "regenerate_no", "the question")
    buttons.press("regenerate_no", lambda: not buttons.shows("regenerate_no"), "an end of it")
    assert velora.account.stream_key == first
    assert has(first)()
    buttons.press("regenerate", lambda: buttons.page.focused == "regenerate_no", "the question")
    buttons.press("regenerate_yes", lambda: not has(first)(), "another key in OBS")
    assert has(velora.account.stream_key)()
    buttons.press("check", asked_anew(world, "/stream/setup"), "a look at Velora")
    buttons.page.focus("[data-key=by_plugin] input")
    buttons.page.press(SPACE)
    buttons.press(
        "copy_address",
        # A chroot has no program for it.
        lambda: world.display.clipboard_text() == world.rtmp.url or "xclip" in buttons.page.text(),
        "the address on the clipboard",
    )
    buttons.press("open_channel", lambda: len(world.button.opened) == 3, "the channel")
    buttons.press("open_chat", lambda: len(world.button.opened) == 4, "the chat")


def inform(buttons: Buttons) -> None:
    """Title and category, here and at Velora."""
    world, page, velora = buttons.world, buttons.page, buttons.world.velora
    velora.account.title = "Velora's"
    buttons.press("load", lambda: page.value("title") == "Velora's", "Velora's title")
    world.type_on_page(TITLE, "First")
    page.focus(CATEGORY)
    page.press("musi")
    page.wait(FIRST_HIT, "the category")
    page.press(DOWN, ENTER)
    sent = {"title": "First", "categorySlug": "music"}
    buttons.press("update_now", lambda: sent in world.updates(), "an update")
    starred = (
        "return /Remove/.test(document.querySelector('[data-action=star_category]').textContent)"
    )
    buttons.press("star_category", lambda: page.run(starred), "a star")
    buttons.press("refresh", asked_anew(world, "/categories"), "a look at Velora")
    buttons.press("put_back", lambda: velora.account.title == "Velora's", "what was there before")


def keep_presets(buttons: Buttons) -> None:
    """Presets, recent titles and the count."""
    world, page = buttons.world, buttons.page

    def presets() -> list[dict[str, Any]]:
        return list(kept(world, "presets.json").get("presets", ()))

    def names() -> list[str]:
        return [preset["name"] for preset in presets()]

    buttons.press("presets_more", lambda: buttons.shows("preset_name"), "all that there is")
    buttons.type("preset_name", "A")
    buttons.press("preset_save", lambda: names() == ["A"], "a preset")
    world.type_on_page(TITLE, "Second")
    buttons.type("preset_name", "B")
    buttons.press("preset_save", lambda: names() == ["A", "B"], "another one")
    buttons.press("preset_up", lambda: names() == ["B", "A"], "the other order")
    buttons.press("preset_down", lambda: names() == ["A", "B"], "the order from before")
    buttons.type("preset_name", "C")
    buttons.press("preset_rename", lambda: names() == ["A", "C"], "another name")
    world.type_on_page(TITLE, "Third")
    changed = "the preset to be changed"
    buttons.press("preset_overwrite", lambda: presets()[1]["title"] == "Third", changed)
    buttons.press("scene_tie", lambda: presets()[1].get("scenes"), "the scene in the preset")
    buttons.press("scene_untie", lambda: not presets()[1].get("scenes"), "no scene")
    if "programs_save" in offered(page):
        buttons.type("programs", "chess")
        buttons.press("programs_save", lambda: presets()[1].get("programs"), "the program")
    else:
        buttons.pressed.add("programs_save")
    world.type_on_page(TITLE, "Fourth")
    buttons.press("preset_apply", lambda: page.value("title") == "Third", "its title")
    page.focus("[data-key=recent] select")
    page.press(DOWN)
    buttons.press("recent_use", lambda: page.value("title") != "Third", "a recent title")
    buttons.type("stream_number", "7")
    counted = "return /7/.test(document.querySelector('[data-key=count_line]').textContent)"
    buttons.press("set_count", lambda: page.run(counted), "the number")
    asked = "preset_delete_no"
    buttons.press("preset_delete", lambda: page.focused == asked, "a question")
    buttons.press(asked, lambda: not buttons.shows(asked), "an end of it")
    assert names() == ["A", "C"]
    buttons.press("preset_delete", lambda: page.focused == asked, "a question")
    buttons.press("preset_delete_yes", lambda: names() == ["A"], "one preset less")
    buttons.press("presets_less", lambda: not buttons.shows("preset_name"), "less")


def stream_by_rtmp(buttons: Buttons) -> None:
    """Instead of by SRT, which is refused."""
    world, page = buttons.world, buttons.page
    with SrtGate(lambda _: False) as gate:
        world.velora.account.srt_url = gate.url
        page.focus("[data-key=protocol] select")
        page.press("S")  # more of it, typed slowly, would choose anew
        wait_until(world.all_sent, what="the protocol to be sent")
        world.press_on_page("configure")
        world.wait_said("OBS will stream to srt://")
        world.obs.start_stream(wait=False)

        def server() -> Any:
            return service_in_obs(world)["server"]

        buttons.press("use_rtmp", lambda: server() == world.rtmp.url, "RTMP in OBS")


def test_each_button__does_in_obs_and_at_velora_what_it_says(buttons: Buttons) -> None:
    """A new one fails this until it is pressed here, or `NOT_HERE` says why not."""
    world = buttons.world
    profiles = [
        Profile("Main", service=world.velora_service(OLD)),
        Profile("Other", service=world.velora_service(OLDER)),
    ]
    world.open_page({"title": "Mine"}, token=False, profiles=profiles)
    sign_in(buttons)
    set_up(buttons)
    inform(buttons)
    keep_presets(buttons)
    stream_by_rtmp(buttons)
    assert buttons.pressed == {action.value for action in Action} - NOT_HERE
    assert buttons.page.complaints() == []
    world.quit_clean(leaks=None, exit_code_counts=False)  # an OBS before 32 loses some by SRT
