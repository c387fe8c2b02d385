"""What each command does, once its arguments are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from velora_core.app.account import TokenOrigin
from velora_core.app.live_status import format_viewers
from velora_core.errors import (
    Forbidden,
    InsufficientScope,
)
from velora_core.messages import message
from velora_core.messages.phrases import listed, tags_in_words

from .category_argument import find_category
from .exit_codes import ExitCode
from .output import Mark, Output

if TYPE_CHECKING:
    import argparse

    from velora_core.api.models import Category, StreamInfo, StreamInfoUpdate
    from velora_core.app.session import Session

    from .reporter import TerminalReporter

__all__ = [
    "COMMANDS",
    "Context",
    "info_data",
    "info_in_words",
    "live_sentence",
    "send_stream_info",
    "show_sent",
]


_HITS: Final = 25  # of a search


class Context(NamedTuple):
    """What a command works with.

    Attributes:
        arguments: what stands behind ``velora``.
        session: opened, but for presets that are only listed or kept.
        output: where results go.
        reporter: knows whether the command is to stop.
        typed: what was asked for on the terminal before: ``token``, ``client_secret``, or the
            ``preset`` to delete.
    """

    arguments: argparse.Namespace
    session: Session
    output: Output
    reporter: TerminalReporter
    typed: Mapping[str, str]


def sign_out(context: Context) -> int:
    """Delete the stored sign-in."""
    context.session.sign_out()
    left = context.session.credentials.token_origin is TokenOrigin.ENVIRONMENT
    context.output.result(
        {"signed_in": left},
        [message("status.signed_out_environment" if left else "status.signed_out")],
    )
    return ExitCode.OK


def status(context: Context) -> int:
    """Show who is signed in, and how the channel stands."""
    account = context.session.credentials.account()
    if account.origin is TokenOrigin.NONE:
        raise account.missing
    client = context.session.client()
    profile = None
    with suppress(Forbidden, InsufficientScope):  # the name is only for show
        profile = client.get_profile()
    info = context.session.stream_info.get()
    name = profile.display_name if profile else account.name
    scopes = sorted(account.scopes) if account.scopes is not None else None
    data = {
        "account": {"name": name or None, "from": account.origin.value, "scopes": scopes},
        **info_data(info),
    }
    sentence = message("cli.signed_in", name=name) if name else account.sentence
    lines = [sentence, live_sentence(info), *context.output.table(_info_rows(info))]
    context.output.result(data, lines)
    return ExitCode.OK


def setup(context: Context) -> int:
    """Show where to stream to."""
    found = context.session.client().get_stream_setup()
    shown = context.arguments.show_key
    key = found.stream_key.reveal() if shown else str(found.stream_key)
    whip = found.whip_url.reveal() if found.whip_url and shown else None
    data = {
        "stream_key": key,
        "stream_key_shown": bool(shown),
        "rtmp_url": found.rtmp_url,
        "srt_url": found.srt_url,
        "whip_url": whip,
    }
    rows = [
        ("RTMP", found.rtmp_url or ""),
        ("SRT", found.srt_url or ""),
        ("WHIP", whip or (message("cli.whip_hidden") if found.whip_url else "")),
        (message("cli.stream_key"), key),
    ]
    lines = context.output.table(rows)
    if not shown:
        lines.append(message("cli.key_hidden"))
    context.output.result(data, lines)
    return ExitCode.OK


def info(context: Context) -> int:
    """Show the channel's title, category and tags."""
    found = context.session.stream_info.get()
    context.output.result(
        info_data(found), [live_sentence(found), *context.output.table(_info_rows(found))]
    )
    return ExitCode.OK


def update(context: Context) -> int:
    """Change title, category and tags."""
    send_stream_info(context, show=True)
    return ExitCode.OK


def send_stream_info(context: Context, *, show: bool = False) -> None:
    """Send what the arguments have of title, category and tags; nothing when they have none.

    Args:
        context: what the command works with.
        show: whether to print what was sent.

    Raises:
        VeloraError: it can't be sent.
    """
    from velora_core.api.models import StreamInfoUpdate

    arguments = context.arguments
    tags = () if arguments.clear_tags else arguments.tag
    category = None
    # What can be found wrong here is, before anything is asked.
    StreamInfoUpdate.checked(title=arguments.title, category_slug=None, tags=tags)
    if arguments.category is not None:
        category = find_category(context.session.client(), arguments.category)
    wanted = StreamInfoUpdate.checked(
        title=arguments.title, category_slug=category.slug if category else None, tags=tags
    )
    context.session.stream_info.send(wanted)
    if show:
        show_sent(context, wanted, category)


def show_sent(
    context: Context, sent: StreamInfoUpdate, category: Category | None, **more: object
) -> None:
    """Print what Velora has now.

    Args:
        context: what the command works with.
        sent: what was sent.
        category: the one in it.
        more: for programs.
    """
    info = info_in_words(sent.title, category.name if category else None, sent.tags)
    data = {
        "title": sent.title,
        "category": {"slug": category.slug, "name": category.name} if category else None,
        "tags": list(sent.tags) if sent.tags is not None else None,
    }
    context.output.result({"sent": data, **more}, [message("status.updated", info=info)])


def info_in_words(title: str | None, category: str | None, tags: Sequence[str] | None) -> str:
    """Return title, category and tags in words; None: not touched."""
    parts = []
    if title is not None:
        parts.append(message("change.title" if title else "change.no_title", title=title))
    if category is not None:
        parts.append(message("change.category", category=category))
    if tags is not None:
        parts.append(tags_in_words(tags))
    return listed(parts)


def categories(context: Context) -> int:
    """List categories, or search all of them."""
    client = context.session.client()
    text, limit = context.arguments.search, context.arguments.limit
    found = (
        client.get_categories()[:limit]
        if text is None
        else client.search_categories(text, limit or _HITS)
    )
    lines = context.output.table((category.slug, category.name) for category in found)
    if text is None:
        lines.append(message("cli.categories_first", count=len(found)))
    elif not found:
        lines.append(message("cli.categories_none", text=text))
    data = [
        {"slug": category.slug, "name": category.name, "image_url": category.image_url}
        for category in found
    ]
    context.output.result({"categories": data}, lines)
    return ExitCode.OK


def regenerate_key(context: Context) -> int:
    """Make a new stream key."""
    key = context.session.client().regenerate_stream_key()
    shown = context.arguments.show_key
    text = key.reveal() if shown else str(key)
    context.output.result(
        {"stream_key": text, "stream_key_shown": bool(shown)},
        [message("cli.key_made", key=text), *([] if shown else [message("cli.key_made_hidden")])],
    )
    return ExitCode.OK


def check(context: Context) -> int:
    """Test every step to Velora."""
    from velora_core.features.diagnostics import run_diagnostics

    checks = run_diagnostics(context.session, context.arguments.protocol)
    marks = {True: Mark.GOOD, False: Mark.BAD, None: Mark.UNKNOWN}
    lines = [context.output.marked(marks[check.ok], check.sentence) for check in checks]
    right = all(check.ok is not False for check in checks)
    context.output.result({"ok": right, "checks": [check._asdict() for check in checks]}, lines)
    return ExitCode.OK if right else ExitCode.FAILED


def info_data(info: StreamInfo) -> dict[str, Any]:
    """Return how the channel stands, for programs."""
    category = None
    if info.category_slug or info.category_name:
        category = {"slug": info.category_slug, "name": info.category_name}
    return {
        "live": info.is_live,
        "title": info.title,
        "category": category,
        "tags": list(info.tags) if info.tags is not None else None,
        "viewers": info.viewer_count,
        "started_at": info.started_at.isoformat() if info.started_at else None,
    }


def _info_rows(info: StreamInfo) -> list[tuple[str, str]]:
    return [
        (message("panel.title"), " ".join((info.title or "").split())),
        (message("panel.category"), " ".join((info.category_name or "").split())),
        (message("panel.tags"), ", ".join(info.tags or ())),
    ]


def live_sentence(info: StreamInfo) -> str:
    """Return whether the channel is live, and how many watch."""
    if not info.is_live:
        return message("cli.offline")
    if info.viewer_count is None:
        return message("cli.live")
    return message("cli.live_with", viewers=format_viewers(info.viewer_count))


COMMANDS: Final[Mapping[str, Callable[[Context], int]]] = {
    "sign-out": sign_out,
    "status": status,
    "setup": setup,
    "info": info,
    "set": update,
    "categories": categories,
    "regenerate-key": regenerate_key,
    "check": check,
}
"""Those that are here, by their names; the larger ones have files of their own."""
