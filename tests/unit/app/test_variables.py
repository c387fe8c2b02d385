"""Variables in titles and in texts on the picture."""

from __future__ import annotations

import pytest

from velora_core.app.variables import (
    PICTURE_VARIABLES,
    TITLE_VARIABLES,
    escape_braces,
    has_variables,
    render_template,
    unknown_variables,
)

VALUES = {"category": "Music", "scene": "Cam", "count": "7", "preset": ""}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("plain", "plain"),
        ("Day {count}: {category}", "Day 7: Music"),
        ("{Category} { SCENE }", "Music Cam"),
        ("{{count}}", "{count}"),
        ("{{{count}}}", "{7}"),
        ("{{{{", "{{"),
        ("a { b } c {} :{ }", "a { b } c {} :{ }".replace("{ b }", "").replace("a  c", "a c")),
        ("Now {preset} live", "Now live"),
        ("{preset} live", "live"),
        ("two  spaces", "two  spaces"),
        ("two  spaces {count}", "two  spaces 7"),
        ("{unknown}", ""),
        ("{title.x} {viewer-count}", ""),
    ],
)
def test_render_template(template: str, text: str) -> None:
    assert render_template(template, VALUES) == text


@pytest.mark.parametrize("text", ["", "a {b} {{c}} }{", "{{{", "}}"])
def test_escape__gives_the_same_text(text: str) -> None:
    assert render_template(escape_braces(text), VALUES) == text


def test_render_template__takes_no_second_look() -> None:
    assert render_template("{scene}", {"scene": "{count} {{"}) == "{count} {{"


def test_unknown__each_once() -> None:
    known = TITLE_VARIABLES
    assert unknown_variables("{Foo} {date} {foo} {{bar}} {viewers} {", known) == ("foo", "viewers")
    assert unknown_variables("{foo} {viewers}", PICTURE_VARIABLES) == ("foo",)
    assert unknown_variables("{title.x} {peak-now}", PICTURE_VARIABLES) == ("title.x", "peak-now")


@pytest.mark.parametrize(
    ("text", "has"), [("{x}", True), ("{{", True), ("}}", True), ("{", False), ("{ }", False)]
)
def test_has_variables(text: str, has: bool) -> None:
    assert has_variables(text) is has
