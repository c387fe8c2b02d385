"""The command `velora` against the simulator: what it prints and sends."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from tests.contract.command_line.steps import KEY, as_json, run, signed_in
from tests.simulator import SCOPES, Simulator
from velora_core.cli.main import main


def test_info__is_one_request(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.title = "Hello"
    code, out, err = run(capsys, "info")
    assert (code, err) == (0, "")
    assert "The channel is offline.\n" in out
    assert re.search(r"^Title +Hello$", out, re.MULTILINE)
    assert [entry.path for entry in velora.journal.find()] == [
        "/api/integrations/oauth/stream/info"
    ]


def test_info__as_json(velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    velora.account.title = "Ünïcode"
    velora.account.go_live(KEY)
    code, data = as_json(capsys, "info")
    assert code == 0
    assert set(data) == {"live", "title", "category", "tags", "viewers", "started_at"}
    assert data["live"] is True
    assert data["title"] == "Ünïcode"


def test_status__says_who_is_signed_in(
    velora: Simulator, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_in(velora, folder)
    code, data = as_json(capsys, "status")
    assert code == 0
    assert data["account"]["from"] == "signed_in"
    assert sorted(data["account"]["scopes"]) == sorted(SCOPES)


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_setup__shows_the_key_only_when_asked(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str], how: list[str]
) -> None:
    code, out, err = run(capsys, "setup", *how)
    assert code == 0
    assert KEY not in out + err
    code, out, err = run(capsys, "setup", "--show-key", *how)
    assert code == 0
    assert KEY in out
    assert KEY not in err


def test_categories__first_hundred_and_search(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, listed = as_json(capsys, "categories")
    assert len(listed["categories"]) == 100
    _, found = as_json(capsys, "categories", "--search", "minecraft")
    assert "minecraft" in {category["slug"] for category in found["categories"]}
    code, out, _ = run(capsys, "categories", "--search", "nothing of that name")
    assert code == 0
    assert out == "Velora has no category with “nothing of that name” in its name.\n"


def test_check__says_what_is_wrong(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.streaming_enabled = False
    code, data = as_json(capsys, "check")
    assert code == 1
    assert data["ok"] is False
    assert {"name", "ok", "sentence"} == set(data["checks"][0])


def test_set__sends_what_is_given(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--title", " Hello ", "--category", "MINECRAFT", "--tag", "english"]
    code, out, _ = run(capsys, "set", *arguments)
    assert code == 0
    assert out == (
        "Velora now has the title “Hello”, the category Minecraft and the tag english.\n"
    )
    (put,) = velora.journal.find("PUT")
    assert put.json == {"title": "Hello", "categorySlug": "minecraft", "tags": ["english"]}


def test_set__clear_tags(velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "set", "--clear-tags") == (
        0,
        {"sent": {"title": None, "category": None, "tags": []}},
    )
    (put,) = velora.journal.find("PUT")
    assert put.json == {"tags": []}


def test_set__part_of_a_name_is_a_question(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "set", "--title", "x", "--category", "minecr")
    assert code == 2
    assert "Did you mean “Minecraft (minecraft)”" in err
    assert velora.journal.find("PUT") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["set"], 2),
        (["set", "--title", "x" * 141], 2),
        (["set", "--title", "two\nlines"], 2),
        (["set", "--tag", "a\x00b"], 2),
        (["regenerate-key"], 2),
    ],
)
def test_nothing_is_sent(
    velora: Simulator,
    token: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    found, out, err = run(capsys, *arguments)
    assert found == code
    assert out == ""
    assert err
    assert velora.journal.find() == []


@pytest.mark.parametrize("arguments", [["set", "--tag", "a", "--clear-tags"], ["no"], []])
def test_usage__is_said(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: velora" in capsys.readouterr().err


def test_set__title_that_is_removed(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    velora.account.title = "Hello"
    code, out, _ = run(capsys, "set", "--title", " ", "--clear-tags")
    assert (code, out) == (0, "Velora now has no title and no tags.\n")
    assert velora.account.title == ""


def test_set__category_without_a_name_is_said_before_anything_is_asked(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "set", "--category", "", "--title", "x") == (
        2,
        "",
        "There is no name after --category: give a category's name or slug, or leave --category "
        "out.\n",
    )
    assert velora.journal.find() == []


def test_regenerate__hides_the_key(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "regenerate-key", "--yes")
    assert code == 0
    assert velora.account.stream_key != KEY
    assert velora.account.stream_key not in out
    assert velora.account.stream_key[-4:] in out
    assert out.splitlines()[-1] == "Run velora setup --show-key to see the new key."
    code, out, _ = run(capsys, "regenerate-key", "--yes", "--show-key")
    assert velora.account.stream_key in out
    assert "--show-key" not in out


def test_categories__limit_counts_for_the_list_as_well(
    velora: Simulator, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, data = as_json(capsys, "categories", "--limit", "3")
    assert (code, len(data["categories"])) == (0, 3)
    code, data = as_json(capsys, "categories")
    assert (code, len(data["categories"])) == (0, velora.listed)
