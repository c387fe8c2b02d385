"""`velora presets` against the simulator; the script in OBS has the same ones."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.command_line.steps import KEY, as_json, run
from tests.simulator import Simulator
from velora_core.app.local_time import local_time
from velora_core.cli.main import main
from velora_core.storage.history import HistoryStore
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.presets import PresetStore

FULL = PresetContent("Hello", "minecraft", "Minecraft", ("english", "cozy"))


class Terminal(io.StringIO):
    """What is typed on a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def store(folder: Path) -> PresetStore:
    """Those of the script in OBS."""
    return PresetStore(folder)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", Terminal(text))


def names(store: PresetStore) -> list[str]:
    return [preset.name for preset in store.read()]


@pytest.mark.parametrize("how", [[], ["list"]])
def test_list__has_those_of_the_script(
    store: PresetStore, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    store.add("Evening", FULL)
    store.add("No tags", PresetContent(tags=()))
    assert run(capsys, "presets", *how) == (
        0,
        "Evening  the title “Hello”, the category Minecraft and the tags english, cozy\n"
        "No tags  no tags\n",
        "",
    )


def test_list__as_json(store: PresetStore, capsys: pytest.CaptureFixture[str]) -> None:
    saved = store.add("Evening", FULL)
    whole = {
        "id": saved.id,
        "name": "Evening",
        "title": "Hello",
        "category": {"slug": "minecraft", "name": "Minecraft"},
        "tags": ["english", "cozy"],
    }
    assert as_json(capsys, "presets", "list") == (0, {"presets": [whole]})
    assert main(["presets", "--json", "list"]) == 0
    assert json.loads(capsys.readouterr().out) == {"presets": [whole]}


def test_list__without_any(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "presets")
    assert code == 0
    assert out == "You have no presets: velora presets save NAME makes the first one.\n"
    assert as_json(capsys, "presets") == (0, {"presets": []})


@pytest.mark.parametrize("by_id", [False, True])
def test_apply__sends_what_it_has_and_no_more(
    velora: Simulator,
    token: str,
    store: PresetStore,
    capsys: pytest.CaptureFixture[str],
    by_id: bool,
) -> None:
    saved = store.add("Evening", FULL._replace(title=None))
    code, data = as_json(capsys, "presets", "apply", saved.id if by_id else " EVENING ")
    assert code == 0
    assert data == {
        "sent": {
            "title": None,
            "category": {"slug": "minecraft", "name": "Minecraft"},
            "tags": ["english", "cozy"],
        },
        "preset": {"id": saved.id, "name": "Evening"},
    }
    (put,) = velora.journal.find()
    assert put.json == {"categorySlug": "minecraft", "tags": ["english", "cozy"]}


def test_apply__category_that_was_never_looked_up(
    velora: Simulator, token: str, store: PresetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add("Typed", PresetContent(category="MINECRAFT"))
    assert run(capsys, "presets", "apply", "Typed") == (
        0,
        "Velora now has the category Minecraft.\n",
        "",
    )


def test_apply__fills_in_the_variables(
    velora: Simulator,
    token: str,
    folder: Path,
    store: PresetStore,
    capsys: pytest.CaptureFixture[str],
) -> None:
    title = "{preset} #{count}, {category}: {{x}} {date} {scene}"
    store.add("Evening", FULL._replace(title=title, tags=None))
    HistoryStore(folder).set_streams(6)
    for number in (7, 6):  # the next stream's; then that of the one that runs
        assert run(capsys, "presets", "apply", "evening")[0] == 0
        sent = f"Evening #{number}, Minecraft: {{x}} {local_time().date}"
        assert velora.account.title == sent
        velora.account.go_live(KEY)


def test_apply__unknown_variable_is_named_and_nothing_is_sent(
    velora: Simulator, token: str, store: PresetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add("Wrong", PresetContent("{nobody}"))
    code, _, err = run(capsys, "presets", "apply", "Wrong")
    assert code == 2
    assert "{nobody}" in err
    assert velora.journal.find() == []


def test_save__what_the_channel_has(
    velora: Simulator, token: str, store: PresetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.title, velora.account.category_slug = "Level {1}", "minecraft"
    assert run(capsys, "presets", "save", " Now ") == (0, "The preset “Now” is saved.\n", "")
    (saved,) = store.read()
    assert saved.content.title == "Level {{1}}"
    assert (saved.content.category, saved.content.category_name) == ("minecraft", "Minecraft")
    velora.account.title = None
    run(capsys, "presets", "apply", "Now")
    assert velora.account.title == "Level {1}"


def test_save__what_is_given(
    velora: Simulator, token: str, store: PresetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--title", " Day {count} ", "--category", "MINECRAFT", "--tag", "b", "--tag", "B")
    code, data = as_json(capsys, "presets", "save", "Given", *given)
    assert code == 0
    (saved,) = store.read()
    assert saved.content == PresetContent("Day {count}", "minecraft", "Minecraft", ("b",))
    assert data["preset"]["id"] == saved.id
    assert velora.journal.find("PUT") == []


def test_save__a_name_that_is_taken_is_replaced_only_when_asked(
    velora: Simulator, token: str, store: PresetStore, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = store.add("Evening", FULL)
    code, _, err = run(capsys, "presets", "save", "evening", "--title", "x")
    assert code == 2
    assert err == (
        "You already have a preset called “evening”: choose another name, or use --replace.\n"
    )
    assert velora.journal.find() == []
    code, out, _ = run(capsys, "presets", "save", "evening", "--title", "x", "--replace")
    assert (code, out) == (0, "The preset “Evening” is replaced.\n")
    assert store.read() == (saved._replace(content=PresetContent("x")),)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["save", "Empty"], "There is nothing to save"),
        (["save", "Empty", "--title", ""], "The preset would be empty"),
        (["save", " ", "--title", "x"], "has no name"),
        (["save", "Long", "--title", "x" * 141], "The title has 141 characters"),
        (["save", "Wrong", "--title", "{nobody}"], "{nobody}"),
        (["apply", "None"], "You have no preset called “None”"),
        (["rename", "None", "New"], "You have no preset called “None”"),
        (["delete", "None"], "You have no preset called “None”"),
        (["import", "no such file"], "There is no file"),
        (["import", ""], "is a folder: add the name of a file."),
        (["import", "."], "is a folder: add the name of a file."),
        (["export", ""], "is a folder: add the name of a file."),
        (["export", ".", "--replace"], "is a folder: add the name of a file."),
        (["export", "no such folder/file"], "no such folder: check its name, or create it first."),
    ],
)
def test_what_can_not_be__is_said_and_nothing_changes(
    velora: Simulator,
    token: str,
    store: PresetStore,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    velora.account.title, velora.account.category_slug, velora.account.tags = None, None, []
    code, out, err = run(capsys, "presets", *arguments)
    assert (code, out) == (2, "")
    assert words in err
    code, data = as_json(capsys, "presets", *arguments)
    assert code == 2
    assert words in data["error"]["message"]
    assert store.read() == ()
    assert velora.journal.find("PUT") == []


@pytest.mark.parametrize(("answer", "gone"), [("y\n", True), ("n\n", False), ("", False)])
def test_delete__asks_first(
    store: PresetStore,
    capsys: pytest.CaptureFixture[str],
    typed: Callable[[str], None],
    answer: str,
    gone: bool,
) -> None:
    store.add("Evening", FULL)
    typed(answer)
    code, out, err = run(capsys, "presets", "delete", "evening")
    assert err.startswith("The preset “Evening” can't be brought back. Delete it? [y/N]\n")
    assert (code, out) == ((0, "The preset “Evening” is deleted.\n") if gone else (2, ""))
    assert names(store) == ([] if gone else ["Evening"])


def test_delete__without_a_terminal_only_with_yes(
    store: PresetStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add("Evening", FULL)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    code, _, err = run(capsys, "presets", "delete", "Evening")
    assert code == 2
    assert "use --yes" in err
    assert names(store) == ["Evening"]
    code, data = as_json(capsys, "presets", "delete", "Evening", "--yes")
    assert (code, data["preset"]["name"]) == (0, "Evening")
    assert names(store) == []


def test_rename(store: PresetStore, capsys: pytest.CaptureFixture[str]) -> None:
    for name in "AB":
        store.add(name, FULL)
    assert run(capsys, "presets", "rename", "a", "C") == (
        0,
        "The preset is now called “C”.\n",
        "",
    )
    assert run(capsys, "presets", "rename", "c", "b")[0] == 2
    assert names(store) == ["C", "B"]


def test_export_and_import(
    store: PresetStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store.add("Evening", FULL)
    file = tmp_path / "mine.json"
    assert run(capsys, "presets", "export", str(file)) == (0, "1 preset is in mine.json now.\n", "")
    before = file.read_bytes()
    code, _, err = run(capsys, "presets", "export", str(file))
    assert code == 2
    assert "There is a file" in err
    store.add("Morning", FULL)
    done = as_json(capsys, "presets", "export", str(file), "--replace")
    assert done == (0, {"exported": 2, "file": str(file)})
    assert file.read_bytes() != before
    store.delete(store.read()[0].id)
    done = as_json(capsys, "presets", "import", str(file))
    assert done == (0, {"added": 1, "replaced": 0, "same": 1})
    assert names(store) == ["Morning", "Evening"]
    file.write_text('{"version": 1, "presets": [{}]}')
    code, _, err = run(capsys, "presets", "import", str(file))
    assert code == 2
    assert "is damaged at presets[0].id, so nothing was imported" in err


def test_damaged_file__is_said_and_kept(
    folder: Path, store: PresetStore, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder.mkdir(parents=True)
    (folder / "presets.json").write_text("{")
    actions: list[list[str]] = [
        ["list"], ["apply", "x"], ["delete", "x"], ["export", str(tmp_path / "x")]
    ]  # fmt: skip
    for action in actions:
        code, data = as_json(capsys, "presets", *action)
        assert code == 1
        assert data["error"]["kind"] == "PresetsDamaged"
    code, out, err = run(capsys, "presets", "save", "New", "--title", "x")
    assert (code, out) == (0, "The preset “New” is saved.\n")
    assert "is damaged" in err
    assert names(store) == ["New"]
    assert (folder / "presets.json.damaged").read_text() == "{"


def test_what_stays_here__needs_no_sign_in_and_no_velora(
    store: PresetStore,
    capsys: pytest.CaptureFixture[str],
    velora: Simulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store.add("Evening", FULL)
    assert as_json(capsys, "presets", "apply", "Evening")[0] == 3
    monkeypatch.setenv("VELORA_API_URL", "nonsense")
    assert run(capsys, "presets", "list")[0] == 0
    assert run(capsys, "presets", "rename", "Evening", "Night")[0] == 0
    assert as_json(capsys, "presets", "apply", "Night")[1]["error"]["kind"] == "ApiUrlInvalid"
    assert velora.journal.find() == []
