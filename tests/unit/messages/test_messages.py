"""Every sentence is there, is used, and is a sentence."""

from __future__ import annotations

import re
import string
from pathlib import Path
from types import ModuleType

import pytest

import velora_core
from tests.unit.sentences import MESSAGES, file_of
from velora_core import errors
from velora_core.cli.arguments import COMMANDS
from velora_core.messages import message, phrases
from velora_core.messages.en import command_line_wording, companion, library_wording
from velora_core.messages.files import FILES
from velora_core.messages.labels import escape_label
from velora_core.messages.program import Program, speak_for

ROOT = Path(__file__).parents[3]
SOURCES = [
    file.read_text(encoding="utf-8")
    for folder in ("velora_core", "velora_hosts")
    for file in [*(ROOT / folder).rglob("*.py"), ROOT / "velora_obs.py"]
    if file.parent.name != "en"
]
# Names that the code puts together: what stands before and after the changing part.
FAMILIES = {
    "problem.": "",
    "api_url.": "",
    "button.": "",
    "account.": "",
    "panel.": "",
    "section.": "",
    "scope.": "",
    "status.channel_": "",
}


def used_names() -> set[str]:
    literal = {
        name
        for source in SOURCES
        for name in re.findall(r"\"([a-z_]+\.[a-z_]+)\"", source)
        if name in MESSAGES
    }
    words = {word for source in SOURCES for word in re.findall(r"[a-z_]+", source)}
    built = {
        name
        for name in MESSAGES
        for prefix in FAMILIES
        if name.startswith(prefix) and name.removeprefix(prefix).removesuffix("_help") in words
    }
    return literal | built


@pytest.mark.parametrize("file", dict.fromkeys(FILES.values()))
def test_file__has_whole_areas(file: str) -> None:
    areas = {name.partition(".")[0] for name in file_of(file).MESSAGES}
    assert areas == {area for area, home in FILES.items() if home == file}


def test_package_itself__has_the_other_areas() -> None:
    areas = {name.partition(".")[0] for name in file_of("").MESSAGES}
    assert areas == {"script", "hotkey"}
    assert not areas & set(FILES)


def test_no_sentence_is_left_over() -> None:
    assert set(MESSAGES) - used_names() == set()


def test_each_name_that_is_said_exists() -> None:
    said = {name for source in SOURCES for name in re.findall(r"message\(\s*\"([^\"]+)\"", source)}
    there = set(MESSAGES) | set(companion.MESSAGES)
    assert {name for name in said if not name.endswith(".")} - there == set()


def test_no_sentence_of_the_companion_is_left_over() -> None:
    written = "".join(SOURCES)
    assert [name for name in companion.MESSAGES if f'"{name}"' not in written] == []
    assert set(companion.MESSAGES) & set(MESSAGES) == set()
    for name, text in companion.MESSAGES.items():
        assert text.endswith((".", "?", "…", ": ", "}", "[y/N]")), name


@pytest.mark.parametrize(
    "name", [name for name in MESSAGES if name.split(".")[0] in ("error", "status", "account")]
)
def test_sentences_end_like_sentences(name: str) -> None:
    fragments = ("error.category_suggestions", "status.channel_", "account.someone")
    if not name.startswith(fragments):
        assert MESSAGES[name].rstrip("”").endswith((".", "?", "}", "…")), MESSAGES[name]


def test_placeholders__are_plain_names() -> None:
    for text in MESSAGES.values():
        for _, field, spec, conversion in string.Formatter().parse(text):
            assert field is None or field.isidentifier()
            assert not spec
            assert conversion is None


def test_each_error__says_something() -> None:
    samples: dict[str, object] = {
        "length": 141, "limit": 140, "category": "x", "protocol": "x", "reason": "x", "scope": "x",
        "slug": "x", "retry_after": 5.0, "status": 500, "message": "x", "endpoint": "/x",
        "field": "x", "problem": "missing", "host": "x", "folder": "x", "file": "x", "button": "x",
        "kind": "x", "stream_settings": "x", "name": "x", "place": "x", "least": 2,
        "names": ("x", "y"), "known": ("y",),
        "port": 1, "minutes": 5, "suggestions": (), "others": "x", "part": "x", "profile": "x",
    }  # fmt: skip
    for name in errors.__all__:
        kind = getattr(errors, name)
        if not hasattr(kind, "sentence"):
            continue
        wanted = [
            field for _, field, _, _ in string.Formatter().parse(MESSAGES[kind.sentence]) if field
        ]
        given = {item: samples[item] for item in wanted if item in samples}
        given.pop("excess", None)
        if name == "RateLimited":
            given = {"retry_after": 5.0}
        sentence = str(kind(**given))
        assert sentence
        assert "{" not in sentence.replace("{x}", "").replace("{y}", "").replace("{{", "")


def test_say__unknown_name() -> None:
    with pytest.raises(KeyError):
        message("no.such")


def test_label__shows_what_was_written() -> None:
    assert escape_label("plain “text”") == "plain “text”"
    assert escape_label("<img src=x> & more") == "<span>&lt;img src=x&gt; &amp; more</span>"


# -- OBS's script log, which opens by itself for a warning -----------------------------------------

_VISIBLE = 44
"""Letters of a line that can be read in the log's window at its default size, after the script's
name (measured in OBS 29 and 32)."""


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("status.refused_mended_key", "Press Start Streaming again: the stream key"),
        ("status.refused_mended_address", "Press Start Streaming again: OBS now has"),
        ("status.refused_mended_both", "Press Start Streaming again: OBS now has"),
        ("status.refused_anyway", "Velora did not take the stream"),
        ("status.refused_unasked", "Velora did not take the stream"),
        ("status.refused_unknown", "Velora did not take the stream"),
        ("status.not_reached", "Velora's ingest can't be reached"),
        ("status.foreign_key_held", "The stream was not started"),
        ("status.key_asked", "The stream key in OBS is not your channel's"),
        ("status.address_old", "Velora has a new ingest address"),
        ("status.update_failed", "{reason}"),
        ("status.update_retrying", "{reason}"),
        ("live.not_shown", "Velora does not show your stream"),
        ("srt.failed", "Press Use RTMP instead"),
        ("srt.connecting", "Press Use RTMP instead"),
        ("srt.not_connected", "Press Use RTMP instead"),
        ("srt.not_begun", "Press Use RTMP instead"),
        ("srt.encoder_fails", "OBS can't encode your stream"),
    ],
)
def test_warning__has_its_cause_in_what_can_be_read_of_the_line(name: str, cause: str) -> None:
    assert MESSAGES[name].replace("{host}", "OBS").startswith(cause)
    assert len(cause) <= _VISIBLE


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("error.category_unknown", "Velora has no category"),
        ("error.category_not_found", "Velora has no category"),
        ("error.title_too_long", "The title has {length} characters"),
        ("error.unauthorized", "Velora does not accept your access token"),
        ("error.server", "Velora has a server problem"),
        ("error.rate_limited", "Velora received too many requests"),
        ("error.no_connection", "Velora can't be reached"),
        ("error.timeout", "Velora did not answer in time"),
    ],
)
def test_reason__of_a_warning_begins_with_the_cause(name: str, cause: str) -> None:
    assert MESSAGES[name].startswith(cause)
    assert len(cause) <= _VISIBLE


# -- whose program it is -------------------------------------------------------------------------

_OF_OBS = re.compile(r"\bpress\b|\bpanel\b|\bOBS\b|\bthis script\b|\bbelow\b")
_ONLY_IN_OBS = {
    "error.no_previous_service", "error.profile_switched", "error.service_rejected",
    "error.service_unsaved",
    "error.sign_out_pending", "error.stream_running", "error.stream_starting",
    "error.token_run_out", "error.protocol_unavailable", "page.nothing_here",
}  # fmt: skip
"""What only the script in OBS, or its installer, ever says."""


_ALSO_IN_A_TERMINAL = [
    ROOT / "velora_core" / name
    for name in ("features/diagnostics.py", "app/credentials.py", "app/session.py")
]


@pytest.mark.parametrize("program", [Program.LIBRARY, Program.COMMAND_LINE])
def test_other_programs__name_no_button_of_the_panel(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("velora_core.messages.program._program", None)
    speak_for(program)
    said = {
        name: _text(name)
        for name in MESSAGES
        if name.startswith(("error.", "page.")) and name not in _ONLY_IN_OBS
    }
    assert {name: text for name, text in said.items() if _OF_OBS.search(text)} == {}


def test_command_line__says_nothing_of_the_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that its own files name, and what its check and its account say."""
    monkeypatch.setattr("velora_core.messages.program._program", None)
    speak_for(Program.COMMAND_LINE)
    files = [*(ROOT / "velora_core" / "cli").glob("*.py"), *_ALSO_IN_A_TERMINAL]
    named = {
        name
        for file in files
        for name in re.findall(r"\"([a-z_]+\.[a-z_]+)\"", file.read_text(encoding="utf-8"))
        if name in MESSAGES and not name.startswith("panel.") and "{host}" not in MESSAGES[name]
    }
    assert {"check.api", "cli.offline", "status.keyring_unused"} <= named
    said = {name: _text(name) for name in named if name not in _OF_COMMANDS}
    assert {name: text for name, text in said.items() if _OF_OBS.search(text)} == {}


def test_public_face__does_not_take_the_panel_its_buttons(monkeypatch: pytest.MonkeyPatch) -> None:
    for chosen, other in ((Program.PANEL, "Sign in with Velora"), (None, "sign in first")):
        monkeypatch.setattr("velora_core.messages.program._program", None)
        if chosen:
            speak_for(chosen)
        assert callable(velora_core.VeloraClient)
        assert other in str(errors.NotSignedIn())


@pytest.mark.parametrize("file", [library_wording, command_line_wording])
def test_own_sentences__take_the_same_values(file: ModuleType) -> None:
    for name, sentence in file.MESSAGES.items():
        assert _fields(sentence) <= _fields(MESSAGES[name]), name
        assert sentence[-1] in ".}", name


def test_command_line__names_commands_that_there_are() -> None:
    for sentence in command_line_wording.MESSAGES.values():
        for name in re.findall(r"\bvelora ([a-z-]+)", sentence):
            assert name in COMMANDS, sentence


def _fields(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def _text(name: str) -> str:
    return message(name, **dict.fromkeys(_fields(MESSAGES[name]), 5))


# -- the broadcasting software is named by whoever asks --------------------------------------------

_OF_THE_SCRIPT = ("script.dependency", "script.captures_untold", "script.profile_unplaced")
"""What the script that OBS loads says itself, of that OBS."""
_OF_DOCKS = ("panel.open_chat_help", "panel.chat_address_help", "panel.page_address_help")
"""About a thing that only OBS has."""
_OF_COMMANDS = ("cli.key_made",)
"""The command line speaks of the OBS on the same computer."""


def test_sentences__name_no_software_but_the_one_that_asks() -> None:
    assert {
        name for name, text in MESSAGES.items() if "OBS" in text.replace("Velora for OBS", "")
    } == {*_OF_THE_SCRIPT, *_OF_DOCKS, *_OF_COMMANDS}


@pytest.mark.parametrize(
    ("tags", "words"),
    [((), "no tags"), (("cozy",), "the tag cozy"), (("a", "b"), "the tags a, b")],
)
def test_tags__in_words(tags: tuple[str, ...], words: str) -> None:
    assert phrases.tags_in_words(tags) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 second"), (1.2, "1 second"), (5.0, "5 seconds")]
)
def test_seconds__in_words(seconds: float, words: str) -> None:
    assert phrases.seconds_in_words(seconds) == words
    assert f"try again in {words}." in str(errors.RateLimited(retry_after=seconds))
