"""Find category, and the category that a typed text means when it is sent."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.fakes import FakeHost, FakeVelora, run, wait_for
from velora_core import errors
from velora_core.api.models import Category
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application

MINECRAFT = Category("minecraft", "Minecraft")
DUNGEONS = Category("minecraft-dungeons", "Minecraft Dungeons")
DOOM, DOOM_2016 = Category("doom", "Doom"), Category("doom-2016", "Doom")
LEGENDS, CONSTRUCT = Category("apex-legends", "Apex Legends"), Category("apex-construct", "Apex C")


@pytest.fixture(autouse=True)
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", (0.0, 0.0, 0.0))


@pytest.fixture
def app(make: Any, velora: FakeVelora) -> Application:
    """Configured for Velora, with the list known."""
    velora.hits = {
        "minecraft": (DUNGEONS, MINECRAFT),
        "Minecraft": (MINECRAFT, DUNGEONS),
        "doom": (DOOM, DOOM_2016),
        "apex": (LEGENDS, CONSTRUCT),
    }
    app: Application = make()
    run(app, app.actions.refresh())
    run(app, app.actions.configure())
    return app


def find(app: Application, text: str) -> str:
    app.settings = StreamSettings(category=text)
    return run(app, app.actions.find_category())


def update(app: Application, text: str, **more: Any) -> str:
    app.settings = StreamSettings(category=text, **more)
    return run(app, app.actions.update_now())


def offered(app: Application) -> list[str]:
    return [option.label for option in app.panel().find("category_entry").options]


def entered(app: Application, text: str) -> tuple[str, str]:
    app.edit({"category_entry": text})
    return app.settings.category, app.settings.category_name


def go_live(app: Application, host: FakeHost, velora: FakeVelora, updates: int) -> None:
    app.stream_starting()
    host.live = True
    app.stream_started()

    def done() -> bool:
        app.process_ui_queue()
        return len(velora.named("update")) >= updates

    wait_for(done)
    run(app, app._runtime.press("", lambda: None))


def test_find__fills_the_list(app: Application, velora: FakeVelora) -> None:
    assert find(app, "minecraft") == "Velora has the category “Minecraft”, and it is chosen now."
    assert (app.settings.category, app.settings.category_name) == ("minecraft", "Minecraft")
    assert offered(app)[1:3] == ["Minecraft Dunge…", "Minecraft"]
    assert entered(app, "minecraft") == ("minecraft", "Minecraft")
    assert find(app, "apex") == (
        "Categories on Velora with “apex” in their name: 2. Choose one from the list."
    )
    assert offered(app)[1:3] == ["Apex Legends", "Apex C"]
    assert entered(app, "apex") == ("apex", "")
    velora.hits["many"] = tuple(Category(f"c-{number}", f"Many {number}") for number in range(25))
    assert find(app, " many").startswith("The first 25 categories on Velora with “many”")


def test_find__asks_for_the_name_of_what_is_chosen(app: Application, velora: FakeVelora) -> None:
    app.settings = StreamSettings(category="minecraft", category_name="Minecraft")
    run(app, app.actions.find_category())
    assert velora.named("search") == ["Minecraft"]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "needs at least 2 letters"),
        ("x", "needs at least 2 letters"),
        ("x" * 10_000, "No category has a name of 10000 characters"),
        ("Musick", "Did you mean “Music”?"),
        ("🎮🎮", "Velora has no category “🎮🎮”"),
    ],
)
def test_find__nothing(app: Application, text: str, answer: str) -> None:
    assert answer in find(app, text)
    assert app.state.tone is StatusLevel.ERROR


@pytest.mark.parametrize(
    "failure",
    [
        errors.NotFound(endpoint="/api/categories/search"),
        errors.Rejected(status=405, message=""),
        errors.InvalidResponse(endpoint="/x", field="categories", problem="type"),
        errors.Forbidden(scope="user:read"),
    ],
)
def test_find__without_a_search__searches_the_list(
    app: Application, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["search"].append(failure)
    assert find(app, "chat") == (
        "Velora's search for categories can't be used now, so only the 2 categories in its list "
        "were searched. Found: 1."
    )
    assert app.state.tone is StatusLevel.WARNING
    assert offered(app)[1] == "Just Chatting"


@pytest.mark.parametrize("failure", [errors.TimedOut(), errors.ServerError(status=503)])
def test_find__that_failed_for_now_says_so(
    app: Application, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["search"].append(failure)
    assert find(app, "minecraft") == str(failure)


def test_star__comes_first_and_stays(make: Any, app: Application, velora: FakeVelora) -> None:
    find(app, "minecraft")
    app.settings = StreamSettings(category="minecraft", category_name="Minecraft")
    assert run(app, app.actions.star_category()).startswith("“Minecraft” is always among the first")
    assert app.panel().find("star_category").label == "Remove the star"
    assert offered(app)[1] == "★ Minecraft"
    assert make().state.categories == ()  # not open yet
    again = make()
    run(again, again.actions.refresh())
    assert offered(again)[1] == "★ Minecraft"
    assert run(app, app.actions.star_category()) == "“Minecraft” has no star any more."
    assert app.panel().find("star_category").label == "Star this category"
    assert "no category" in (update(app, "nonsense!") or "")


def test_star__what_is_no_category(app: Application) -> None:
    app.settings = StreamSettings(category="no such thing")
    assert "Velora has no category" in run(app, app.actions.star_category())


def test_sent__a_known_one_is_not_looked_up(app: Application, velora: FakeVelora) -> None:
    update(app, "MUSIC")
    assert velora.named("update") == [{"category_slug": "music"}]
    app.settings = StreamSettings(category="chosen", category_name="Chosen Elsewhere")
    assert run(app, app.actions.update_now()) == "Velora now has the category Chosen Elsewhere."
    assert velora.named("search") == []


def test_sent__an_exact_name_is_looked_up_once(app: Application, velora: FakeVelora) -> None:
    assert update(app, "minecraft") == "Velora now has the category Minecraft."
    assert velora.named("update") == [{"category_slug": "minecraft"}]
    assert velora.timeout == 4.0
    assert offered(app)[1] == "Minecraft"  # it was used
    update(app, "Minecraft", title="More")
    assert velora.named("search") == ["minecraft"]


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("apex", "Velora has no category “apex”: choose one from the list. Did you mean “Apex "),
        ("doom", "Velora has 2 categories called “doom”: choose yours from the list, “Doom (doom)"),
    ],
)
def test_sent__a_part_or_a_name_of_two_is_a_question(
    app: Application, velora: FakeVelora, text: str, question: str
) -> None:
    answer = update(app, text, title="Hello")
    assert answer.startswith(question)
    assert answer.endswith("Everything else was sent: Velora now has the title “Hello”.")
    assert velora.named("update") == [{"title": "Hello"}]


def test_sent__the_one_that_was_meant_of_two(app: Application, velora: FakeVelora) -> None:
    find(app, "doom")
    assert offered(app)[1:3] == ["Doom (doom)", "Doom (…-2016)"]
    assert entered(app, "Doom (…-2016)") == ("doom-2016", "Doom")
    run(app, app.actions.update_now())
    assert velora.named("update") == [{"category_slug": "doom-2016"}]


def test_sent__a_slug_that_no_search_knows_is_believed(
    app: Application, velora: FakeVelora
) -> None:
    update(app, "some-slug")
    assert velora.named("search") == ["some-slug", "some slug"]
    assert velora.named("update") == [{"category_slug": "some-slug"}]
    assert app.state.known.recent == ()  # its name isn't known


@pytest.mark.parametrize(
    ("text", "sent"),
    [("minecraft", [{"category_slug": "minecraft"}]), ("Counter-Strike 2", []), ("chat", [])],
)
def test_sent__without_a_search__as_the_list_has_it(
    app: Application, velora: FakeVelora, text: str, sent: list[Any]
) -> None:
    velora.failures["search"] += [errors.NotFound(endpoint="/api/categories/search")] * 2
    answer = update(app, text)
    assert velora.named("update") == sent
    if text == "chat":
        assert "Did you mean “Just Chatting”?" in answer


def test_sent__a_search_that_fails_for_now_holds_nothing_back(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["search"] += [errors.TimedOut()]
    app.settings = StreamSettings(title="Hello", category="minecraft", tags=("a",))
    go_live(app, host, velora, 2)
    assert velora.named("update") == [
        {"title": "Hello", "tags": ("a",)},
        {"category_slug": "minecraft"},
    ]
    warning = host.warnings[0]
    assert "The category “minecraft” could not be looked up on Velora." in warning
    assert "Velora now has the title “Hello” and the tag a." in warning
    assert "OBS looks the category up again in 1 second." in warning
    assert app.state.status == "Velora now has the category Minecraft."
    assert app.pending_update is None


def test_sent__the_look_up_goes_to_the_next_application(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.features.stream_info.RETRY_DELAYS", (600.0,))
    velora.failures["search"] += [errors.TimedOut()]
    app.settings = StreamSettings(title="Hello", category="minecraft")
    go_live(app, host, velora, 1)
    pending = dict(app.pending_update or {})
    assert pending.pop("owner")  # nobody else's channel is sent it
    assert pending == {"title": "", "category": "minecraft", "tags": []}


def test_sent__by_hand_a_failed_search_is_said(app: Application, velora: FakeVelora) -> None:
    velora.failures["search"] += [errors.TimedOut()]
    answer = update(app, "minecraft", title="Hello")
    assert answer.startswith(
        "The category “minecraft” could not be looked up on Velora. Velora did"
    )
    assert "again in" not in answer.split("Everything else")[1]
    velora.failures["search"] += [errors.TimedOut()]
    assert update(app, "minecraft").startswith("The category “minecraft” could not be looked up")


def test_sent__signed_out_in_between_is_that_error(app: Application, velora: FakeVelora) -> None:
    velora.failures["search"] += [errors.Unauthorized()]
    assert update(app, "minecraft", title="Hello") == str(errors.Unauthorized())
    assert velora.named("update") == []


def test_vanished__between_choosing_and_going_live(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    update(app, "minecraft")
    assert app.state.known.recent == (MINECRAFT,)
    velora.failures["update"] += [errors.CategoryNotFound(slug="minecraft")]
    app.settings = StreamSettings(title="Hello", category="minecraft", category_name="Minecraft")
    go_live(app, host, velora, 3)
    assert velora.named("update")[1:] == [
        {"title": "Hello", "category_slug": "minecraft"},
        {"title": "Hello"},
    ]
    assert app.state.status.startswith("Velora no longer has the category “Minecraft”")
    assert "Everything else was sent" in app.state.status
    assert not app.state.known.recent


def test_resumed__with_the_name_of_what_was_chosen(
    make: Any, host: FakeHost, velora: FakeVelora
) -> None:
    pending = {"title": "", "category": "odd-slug", "category_name": "Odd", "tags": []}
    first = make(pending_update=pending)
    assert first.pending_update == pending
    assert velora.named("search") == []
