"""What nobody should enter and Velora should not answer: a sentence, and nothing else changes."""

from __future__ import annotations

import json
from typing import Any

from tests.e2e.world import SCRIPT, World
from tests.harness import Profile, wait_until
from tests.simulator import Fault

SETUP = ("GET", "/stream/setup")
SEARCH = ("GET", "/categories/search")
INFO = ("PUT", "/stream/info")


def _setup_answers(world: World) -> dict[str, dict[str, Any]]:
    account = world.velora.account
    good = {
        "streamKey": account.stream_key,
        "rtmpUrl": account.rtmp_url,
        "srtUrl": account.srt_url,
        "whipUrl": account.whip_url.format(key=account.stream_key),
    }
    without_key = {name: value for name, value in good.items() if name != "streamKey"}
    return {
        "field streamKey: missing": without_key,
        "field streamKey: without content": {**good, "streamKey": ""},
        "field rtmpUrl: not an address": {**good, "rtmpUrl": "https://velora.test/live"},
        "field rtmpUrl: contains spaces": {**good, "rtmpUrl": "rtmp://velora.test/live\nserver"},
    }


def test_setups_that_can_not_be_used(world: World) -> None:
    service = world.velora_service()
    service["settings"]["server"] = "rtmp://127.0.0.1:9/other"
    obs = world.start({"title": "Kept"}, profiles=[Profile(service=service)])
    for sentence, answer in _setup_answers(world).items():
        world.velora.faults.clear()
        world.velora.faults.add(Fault.answer(*SETUP, json.dumps(answer).encode()))
        status = world.press("Configure Velora")
        assert sentence in status
        assert world.velora.account.stream_key not in status
        assert obs.service_json() == service
    only_rtmp = {"streamKey": world.velora.account.stream_key, "rtmpUrl": world.rtmp.url}
    world.velora.faults.clear()
    world.velora.faults.add(Fault.answer(*SETUP, json.dumps(only_rtmp).encode()))
    assert f"OBS will stream to {world.rtmp.url}" in world.press("Configure Velora")
    world.velora.faults.clear()
    world.velora.account.rtmp_url = "rtmps://127.0.0.1:9/live"
    assert "OBS will stream to rtmps://127.0.0.1:9/live" in world.press("Configure Velora")
    world.quit_clean()
    assert obs.script_settings(SCRIPT)["title"] == "Kept"


def test_tokens_that_are_none(world: World) -> None:
    world.start(token=False)
    for text, sentence in (
        ("two words", "That is not an access token"),
        ("tökèn", "That is not an access token"),
        (world.velora.issue_token(expires_in=-1), "does not accept your access token"),
    ):
        world.panel.paste("Access token", text)
        status = world.press("Configure Velora")
        assert sentence in status
        assert text not in status
        assert text not in world.obs.log_text()
    assert world.obs.service_json() is None
    world.quit_clean()


def test_titles_and_tags(world: World) -> None:
    world.start()
    world.panel.paste("Title", "x" * 141)
    assert "141 characters" in world.press("Update now")
    world.panel.paste("Title", "y" * 10_000)
    assert "10000 characters" in world.press("Update now")
    assert world.updates() == []
    world.panel.paste("Title", "🎮" * 140)
    assert "Velora now has the title" in world.press("Update now")
    assert world.velora.account.title == "🎮" * 140
    world.quit_clean()


def test_searches__odd_texts_and_odd_answers(world: World) -> None:
    world.start({"title": "Kept"})
    world.press("Refresh")
    for text, sentence in (
        ("🎮🎮", "Velora has no category “🎮🎮”"),
        ("x" * 10_000, "No category has a name of 10000 characters"),
    ):
        world.panel.paste("Category", text)
        assert sentence in world.press("Find category")
    good = {"slug": "prey-two", "name": "Prey <b>2</b>"}
    flood = [{"slug": f"c-{number}", "name": f"C {number}"} for number in range(5000)]
    for answer, sentence in (
        ([None, {"slug": None, "name": "x"}, good, good], "with “prey” in their name: 1."),
        ({"results": flood}, "The first 25 categories on Velora with “prey” are in the list"),
    ):
        world.velora.faults.clear()
        world.velora.faults.add(Fault.answer(*SEARCH, json.dumps(answer).encode()))
        world.panel.type_in_choice("Category", "prey")
        assert sentence in world.press("Find category")
    world.velora.faults.clear()
    world.velora.faults.add(Fault.answer(*SEARCH, b"<html>Wi-Fi login</html>", kind="text/html"))
    assert "did not come from Velora" in world.press("Find category")
    world.velora.faults.clear()
    reasons = ["property userId should not exist", "title must be a string"]
    refused = json.dumps({"message": reasons, "error": "Bad Request", "statusCode": 400}).encode()
    world.velora.faults.add(Fault.answer(*INFO, refused, status=400))
    world.panel.choose("Category", "(Velora's own)")
    assert world.press("Update now").endswith(
        "Velora refused the request (400): property userId should not exist; title must be a string"
    )
    assert world.velora.account.title != "Kept"
    world.quit_clean()


def test_a_title_is_text_even_if_it_looks_like_markup(world: World) -> None:
    world.start({"title": "<b>Bold</b> & <img src=x>"})
    assert "“<b>Bold</b> & <img src=x>”" in world.press("Update now")
    assert world.velora.account.title == "<b>Bold</b> & <img src=x>"
    world.quit_clean()


def test_categories__many_and_broken(world: World) -> None:
    world.start()
    world.velora.listed = None
    few = world.velora.categories[:12]  # reading more over the accessibility bus takes long
    many = [{"slug": f"c-{number % 5000}", "name": f"C {number % 5000}"} for number in range(5100)]
    world.velora.categories = many
    known = world.obs.home / ".config" / "velora-obs" / "known.json"

    def kept() -> int:
        content = json.loads(known.read_text()) if known.exists() else {}
        return len(content.get(f"categories@{world.velora.url}", ()))

    # Reading a list of 5,000 over the accessibility bus takes far longer than showing it.
    world.panel.press("Refresh")
    wait_until(lambda: kept() == 5000, what="the categories to be kept")
    world.velora.categories = few
    world.panel.press("Refresh")
    wait_until(lambda: kept() == len(few), what="the few to be kept")
    world.press("Refresh")
    assert "Just Chatting" in world.panel.items("Category")
    world.velora.categories = [*few, {"slug": "nameless", "name": None}]
    assert "name: empty" in world.press("Refresh")
    assert "Just Chatting" in world.panel.items("Category")
    world.quit_clean()
