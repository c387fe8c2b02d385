"""Title, category and tags when a stream starts: sent, refused, and in part."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.unit.fakes import OTHER, RTMP, SRT, FakeHost, FakeVelora, run, wait_for
from tests.unit.features.stream_info.steps import FULL, UNKNOWN, go_live, wait_for_updates
from velora_core import errors
from velora_core.app.state import StatusLevel, StreamSettings
from velora_core.application import Application
from velora_hosts.obs.service import Service


def have_sent(app: Application, host: FakeHost, settings: StreamSettings, *, by_hand: bool) -> None:
    """Have this sent to Velora: by the button, or by the start of a stream."""
    app.settings = settings
    if by_hand:
        run(app, app.actions.update_now())
    else:
        go_live(app, host)


def test_going_live__sends_what_is_set_once(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}
    ]
    assert app.state.status == (
        "Velora now has the title “Hello”, the category Music and the tags a, b."
    )
    assert host.warnings == []


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        (StreamSettings(title="T"), {"title": "T"}),
        (StreamSettings(category="music"), {"category_slug": "music"}),
        (StreamSettings(tags=("x",)), {"tags": ("x",)}),
    ],
)
def test_going_live__sends_only_what_is_set(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings, sent: Any
) -> None:
    app.settings = settings
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert velora.named("update") == [sent]


@pytest.mark.parametrize(
    "settings", [StreamSettings(), FULL._replace(update_on_start=False), StreamSettings(title="  ")]
)
def test_going_live__nothing_to_send(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings
) -> None:
    app.settings = settings
    go_live(app, host)
    wait_for_updates(app, velora, 0)
    assert velora.named("update") == []


def test_going_live__elsewhere_is_left_alone(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    host.services["Main"] = OTHER
    before = len(velora.calls)
    go_live(app, host)
    wait_for_updates(app, velora, 0)
    assert len(velora.calls) == before
    assert host.logged == []


@pytest.mark.parametrize("server", [RTMP, RTMP + "/", SRT, SRT + "?mode=caller", RTMP.upper()])
def test_going_live__asks_once_where_velora_is_when_nothing_is_known(
    make: Any, host: FakeHost, velora: FakeVelora, server: str
) -> None:
    app = make()
    host.services["Main"] = Service("rtmp_custom", {"server": server})
    app.settings = FULL._replace(category="")
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    app.stream_stopped()
    go_live(app, host)
    wait_for_updates(app, velora, 2)
    assert len(velora.named("setup")) == 1


def test_trouble__is_overcome_and_told_once(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.TimedOut(), errors.ServerError(status=503)]
    go_live(app, host)
    wait_for_updates(app, velora, 3)
    app.process_ui_queue()
    assert "Velora now has" in app.state.status
    assert len(host.warnings) == 1
    assert "Your stream is not affected" in host.warnings[0]


@pytest.mark.parametrize(
    "failure",
    [
        errors.Unauthorized(),
        errors.InsufficientScope(scope="stream:write"),
    ],
)
def test_refusal__is_final(
    app: Application, host: FakeHost, velora: FakeVelora, failure: Exception
) -> None:
    velora.failures["update"].append(failure)
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    wait_for_updates(app, velora, 1)
    assert len(velora.named("update")) == 1
    assert str(failure) in app.state.status
    assert len(host.warnings) == 1


TOO_LONG = "The title has 141 characters, and Velora allows 140: shorten it by 1."


@pytest.mark.parametrize(
    ("settings", "reasons", "sent"),
    [
        (
            FULL._replace(title="x" * 141),
            TOO_LONG,
            {"category_slug": "music", "tags": ("a", "b")},
        ),
        (
            FULL._replace(title="a\nb"),
            str(errors.TitleInvalid()),
            {"category_slug": "music", "tags": ("a", "b")},
        ),
        (
            FULL._replace(category="No Such Thing"),
            UNKNOWN,
            {"title": "Hello", "tags": ("a", "b")},
        ),
        (
            FULL._replace(tags=("a", "b\nc")),
            str(errors.TagInvalid()),
            {"title": "Hello", "category_slug": "music"},
        ),
        (
            FULL._replace(title="x" * 141, category="No Such Thing"),
            f"{TOO_LONG} {UNKNOWN}",
            {"tags": ("a", "b")},
        ),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_bad_entry__is_said_and_keeps_nothing_else_back(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    settings: StreamSettings,
    reasons: str,
    sent: Any,
    by_hand: bool,
) -> None:
    have_sent(app, host, settings, by_hand=by_hand)
    wait_for_updates(app, velora, 1)
    assert velora.named("update") == [sent]
    status = app.state.status
    assert status.startswith(f"{reasons} Everything else was sent: Velora now has ")
    assert app.state.tone is StatusLevel.WARNING
    assert host.warnings == ([] if by_hand else [status])
    kept = app.settings._replace(tags_on_velora=False)
    assert kept._replace(category=settings.category, category_name="") == settings
    assert app.pending_update is None


@pytest.mark.parametrize(
    ("settings", "reasons"),
    [
        (StreamSettings(title="x" * 141), TOO_LONG),
        (StreamSettings(category="No Such Thing"), UNKNOWN),
        (StreamSettings(title="x" * 141, category="No Such Thing"), f"{TOO_LONG} {UNKNOWN}"),
    ],
)
def test_bad_entries__with_nothing_else(
    app: Application, host: FakeHost, velora: FakeVelora, settings: StreamSettings, reasons: str
) -> None:
    app.settings = settings
    go_live(app, host)
    wait_for_updates(app, velora, 0)
    assert velora.named("update") == []
    assert app.state.status.startswith(reasons + " Your stream info was not sent")
    assert host.warnings == [app.state.status]


@pytest.mark.parametrize("by_hand", [False, True])
def test_category_that_is_gone__the_rest_is_sent_at_once_and_once(
    app: Application, host: FakeHost, velora: FakeVelora, by_hand: bool
) -> None:
    velora.failures["update"].append(errors.CategoryNotFound(slug="musik"))
    app.settings = FULL._replace(category="musik")
    if by_hand:
        run(app, app.actions.update_now())
    else:
        go_live(app, host)
    wait_for_updates(app, velora, 2)
    assert velora.named("update") == [
        {"title": "Hello", "category_slug": "musik", "tags": ("a", "b")},
        {"title": "Hello", "tags": ("a", "b")},
    ]
    assert app.state.status == (
        "Velora has no category “musik”: choose one from the list. Did you mean “Music”? "
        "Everything else was sent: Velora now has the title “Hello” and the tags a, b."
    )
    assert len(host.warnings) == (0 if by_hand else 1)


def refuses(velora: FakeVelora, part: str, monkeypatch: pytest.MonkeyPatch) -> errors.Rejected:
    """Have Velora refuse each update that has this part, as a whole."""
    refusal = errors.Rejected(status=400, message=f"{part} is not allowed")
    send = FakeVelora.send_stream_info

    def refused(velora: FakeVelora, update: Any) -> None:
        if getattr(update, part) is not None:
            velora.failures["update"].append(refusal)
        send(velora, update)

    monkeypatch.setattr(FakeVelora, "send_stream_info", refused)
    return refusal


@pytest.mark.parametrize(
    ("part", "named"),
    [
        ("title", "the title “Hello”"),
        ("category_slug", "the category Music"),
        ("tags", "the tags a, b"),
    ],
)
@pytest.mark.parametrize("by_hand", [False, True])
def test_one_that_velora_refuses__keeps_nothing_else_back(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
    named: str,
    by_hand: bool,
) -> None:
    """Velora takes an update as a whole or not at all, and may refuse a category by a 400, too."""
    refuses(velora, part, monkeypatch)
    whole = {"title": "Hello", "category_slug": "music", "tags": ("a", "b")}
    have_sent(app, host, FULL, by_hand=by_hand)
    wait_for_updates(app, velora, 4)
    assert velora.named("update") == [whole, *({name: whole[name]} for name in whole)]
    assert app.state.status.startswith(
        f"Velora refused {named} (400), saying “{part} is not allowed”: change that, then press "
        "Update now. Everything else was sent: Velora now has "
    )
    assert named not in app.state.status.partition("Velora now has")[2]
    assert host.warnings == ([] if by_hand else [app.state.status])
    assert app.pending_update is None
    assert app.settings.tags_on_velora is (part != "tags")


@pytest.mark.parametrize("settings", [FULL, StreamSettings(title="Hello")])
def test_all_that_velora_refuses__is_final_and_said_once(
    app: Application,
    host: FakeHost,
    velora: FakeVelora,
    settings: StreamSettings,
) -> None:
    velora.failures["update"] += [errors.Rejected(status=400, message="No.")] * 4
    app.settings = settings
    go_live(app, host)
    wait_for_updates(app, velora, 4 if settings is FULL else 1)
    assert len(velora.named("update")) == (4 if settings is FULL else 1)
    assert app.state.status.startswith("Velora refused the request (400): No. Your stream info")
    assert len(host.warnings) == 1


def test_two_that_velora_refuses__each_for_its_own_reason(
    app: Application, host: FakeHost, velora: FakeVelora, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is not valid at all is found before a category that there isn't."""
    refuses(velora, "tags", monkeypatch)
    refused = FakeVelora.send_stream_info

    def send(velora: FakeVelora, update: Any) -> None:
        if update.category_slug and not update.tags:
            velora.failures["update"].append(errors.CategoryNotFound(slug="music"))
        refused(velora, update)

    monkeypatch.setattr(FakeVelora, "send_stream_info", send)
    app.settings = FULL
    go_live(app, host)
    wait_for_updates(app, velora, 4)
    assert app.state.status == (
        "Velora no longer has the category “Music”: choose another one, then press Update now. "
        "Velora refused the tags a, b (400), saying “tags is not allowed”: change that, then press "
        "Update now. "
        "Everything else was sent: Velora now has the title “Hello”."
    )
    assert app.state.gone == {"music"}


def test_one_that_velora_refuses__the_rest_is_sent_until_it_arrives(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    refusal = errors.Rejected(status=422, message="")
    velora.failures["update"] += [refusal, errors.TimedOut(), refusal]
    app.settings = FULL
    go_live(app, host)
    wait_for_updates(app, velora, 6)
    assert velora.named("update")[2:] == [
        {"title": "Hello", "category_slug": "music", "tags": ("a", "b")},
        {"title": "Hello"},
        {"category_slug": "music"},
        {"tags": ("a", "b")},
    ]
    wait_for(lambda: "Velora now has the title “Hello”, the category Music" in app.state.status)


def test_category_that_is_gone__is_not_sent_again_when_the_rest_fails(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"] += [errors.CategoryNotFound(slug="music"), errors.TimedOut()]
    go_live(app, host)
    wait_for_updates(app, velora, 3)
    assert [sorted(update) for update in velora.named("update")] == [
        ["category_slug", "tags", "title"],
        ["tags", "title"],
        ["tags", "title"],
    ]
    assert "Velora no longer has the category “Music”" in app.state.status
    assert "trying again" not in app.state.status


def test_category_that_is_gone__and_nothing_else(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.failures["update"].append(errors.CategoryNotFound(slug="music"))
    app.settings = StreamSettings(category="Music")
    go_live(app, host)
    wait_for_updates(app, velora, 1)
    assert len(velora.named("update")) == 1
    assert app.state.status.startswith(str(errors.CategoryGone(name="Music")))
    assert len(host.warnings) == 1


def test_going_live__comes_before_what_is_less_urgent(
    app: Application, host: FakeHost, velora: FakeVelora
) -> None:
    velora.block = threading.Event()
    app.actions.refresh()
    wait_for(lambda: velora.calls[-1][0] == "categories")
    app.actions.configure()
    go_live(app, host)
    velora.block.set()
    wait_for(lambda: velora.calls[-1][0] == "setup")
    names = [name for name, _ in velora.calls]
    assert names[-2:] == ["update", "setup"]
