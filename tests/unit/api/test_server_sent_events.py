"""The parser for server-sent events, by the WHATWG's rules, and its bounds."""

from __future__ import annotations

import pytest

from velora_core.api.server_sent_events import EventParser, EventTooLarge

WHOLE = (
    "\ufeff: a comment\r\n"
    "event: first\r\ndata: é🎮\r\ndata: two\r\n\r\n"
    "id: 7\rdata:three\r\r"
    "retry: 2500\n\n"
    "data\n\n"
    "event: nothing to tell\n\n"
    "data:  spaces \ndata:\n\n"
    "data: cut short\n"
).encode()
EVENTS = [
    ("first", "é🎮\ntwo"),
    ("message", "three"),
    ("message", ""),
    ("message", " spaces \n"),
]


def events(*pieces: bytes) -> list[tuple[str, str]]:
    parser = EventParser()
    return [tuple(event) for piece in pieces for event in parser.feed(piece)]  # type: ignore[misc]


@pytest.mark.parametrize("size", range(1, 12))
def test_stream__however_it_is_cut(size: int) -> None:
    parser = EventParser()
    found = []
    for start in range(0, len(WHOLE), size):
        found += parser.feed(WHOLE[start : start + size])
    assert found == EVENTS
    assert (parser.last_id, parser.retry, parser.lines) == ("7", 2500, 18)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("data: a\u2028b\n\n", "a\u2028b"),  # other line ends of Unicode's are none
        ("data: a\x0bb\x0cc\n\n", "a\x0bb\x0cc"),
        ("data\ufeff: no\ndata: yes\n\n", "yes"),
        ("\ufeff\ufeffdata: no\ndata: yes\n\n", "yes"),  # one mark only, and at the start only
        ("unknown: 1\ndata: yes\n\n", "yes"),
        (" data: no\ndata: yes\n\n", "yes"),
    ],
)
def test_line__means_what_the_standard_says(text: str, data: str) -> None:
    assert events(text.encode()) == [("message", data)]


def test_bytes_that_are_no_text__are_replaced() -> None:
    assert events(b"data: \xff\xfe\xc3\n\n") == [("message", "\ufffd\ufffd\ufffd")]


def test_crlf__cut_in_the_middle_ends_one_line() -> None:
    assert events(b"data: a\r", b"\ndata: b\r", b"\n\r", b"\n") == [("message", "a\nb")]
    # Nobody waits for what may come after a carriage return.
    assert events(b"data: a\r\r") == [("message", "a")]


def test_id__counts_once_its_event_has_ended() -> None:
    parser = EventParser()
    parser.feed(b"id: 1\ndata: a\n\nid: 2\n")
    assert parser.last_id == "1"
    parser.feed(b"\n")
    assert parser.last_id == "2"
    parser.feed(b"id: 3\0\n\n")
    assert parser.last_id == "2"
    parser.feed(b"id\n\n")
    assert parser.last_id == ""


@pytest.mark.parametrize("stated", ["", "-1", "1.5", "soon", "٣", "9" * 10, "0x10"])
def test_retry__of_anything_but_digits_is_ignored(stated: str) -> None:
    parser = EventParser()
    parser.feed(f"retry: 10\nretry: {stated}\n\n".encode())
    assert parser.retry == 10


def test_line_without_an_end__is_not_kept() -> None:
    parser = EventParser(limit=100)
    for _ in range(10):
        parser.feed(b"x" * 10)
    with pytest.raises(EventTooLarge):
        parser.feed(b"x")
    with pytest.raises(EventTooLarge):
        EventParser().feed(b"data: " + b"x" * (50 << 20))


def test_event_without_an_end__is_not_kept() -> None:
    parser = EventParser(limit=100)
    with pytest.raises(EventTooLarge):
        parser.feed(b"data: 0123456789\n" * 10)
    parser = EventParser(limit=100)
    parser.feed(b"data: 0123456789\n\n" * 1000)  # each for itself is small
    assert parser.lines == 2000
