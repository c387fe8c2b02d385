"""``velora presets``: the user's presets, which the panel has as well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from velora_core.app.variables import (
    TITLE_VARIABLES,
    escape_braces,
    has_variables,
    names,
    render_template,
    unknown_variables,
)
from velora_core.errors import InvalidInput, PresetNameTaken, VariableUnknown
from velora_core.messages import message
from velora_core.storage.preset_content import PresetContent
from velora_core.storage.preset_names import checked_name, folded

from .category_argument import find_category
from .commands import Context, info_in_words, show_sent
from .confirmation import confirm
from .errors import (
    FileIsFolder,
    FileMissing,
    FileThere,
    FolderMissing,
    PresetsDamaged,
    PresetUnknown,
)
from .exit_codes import ExitCode

if TYPE_CHECKING:
    import argparse

    from velora_core.storage.presets import Preset, PresetStore

    from .output import Output

__all__ = ["ask_before_deleting", "presets"]


def presets(context: Context) -> int:
    """Do with presets what the arguments say."""
    if context.arguments.action in ("apply", "save"):  # the rest asks neither Velora nor a keyring
        context.session.open()
    _ACTIONS[context.arguments.action](context)
    return ExitCode.OK


def ask_before_deleting(arguments: argparse.Namespace, output: Output) -> Mapping[str, str]:
    """Find the preset that is to be deleted, and ask whether it may be. The main thread's alone.

    Returns:
        Its id as ``preset``.

    Raises:
        VeloraError: there is no such preset, they can't be read, or it is to stay.
    """
    preset = _find(_store(), arguments.name)
    if not arguments.yes:
        confirm(
            output,
            question=message("cli.preset_delete_sure", name=preset.name),
            unasked=message("cli.preset_delete_unasked", name=preset.name),
            kept=message("cli.preset_kept"),
        )
    return {"preset": preset.id}


def _list(context: Context) -> None:
    found = _read(_store())
    lines = context.output.table((preset.name, _describe(preset.content)) for preset in found)
    data = {"presets": [_data(preset) for preset in found]}
    context.output.result(data, lines or [message("cli.presets_none")])


def _apply(context: Context) -> None:
    from velora_core.api.models import Category, StreamInfoUpdate

    preset = _find(_store(), context.arguments.name)
    content, category = preset.content, None
    if content.category is not None:
        if content.category_name:
            category = Category(content.category, content.category_name)
        else:  # it could not be looked up when it was saved
            category = find_category(context.session.client(), content.category)
    title = content.title
    if title is not None and has_variables(title):
        title = _filled_in(context, title, preset, category.name if category else "")
    wanted = StreamInfoUpdate.checked(
        title=title, category_slug=category.slug if category else None, tags=content.tags
    )
    context.session.stream_info.send(wanted)
    show_sent(context, wanted, category, preset={"id": preset.id, "name": preset.name})


def _filled_in(context: Context, title: str, preset: Preset, category: str) -> str:
    """Return a title with its variables filled in; raises `VariableUnknown`."""
    from velora_core.app.local_time import local_time

    _check_variables(title)
    values = {**local_time()._asdict(), "preset": preset.name, "category": category}
    named = set(names(title))
    if "count" in named or ("category" in named and not category):
        now = context.session.stream_info.get()
        values["category"] = category or now.category_name or ""
        streams = context.session.storage.history.read().streams
        values["count"] = str(max(streams, 1) if now.is_live else streams + 1)
    return render_template(title, values)


def _check_variables(title: str) -> None:
    unknown = unknown_variables(title, TITLE_VARIABLES)
    if unknown:
        raise VariableUnknown(names=unknown, known=TITLE_VARIABLES)


def _save(context: Context) -> None:
    store, arguments = _store(), context.arguments
    name = checked_name(arguments.name)
    there = next((preset for preset in store.read() if folded(preset.name) == folded(name)), None)
    if store.damaged:
        context.output.hint(message("status.presets_damaged", file=store.path))
    if there is not None and not arguments.replace:
        raise PresetNameTaken("cli.preset_taken", name=name)
    content = _content(context)
    if there is None:
        saved = store.add(name, content)
        sentence = message("status.preset_saved", name=saved.name)
    else:
        saved = store.overwrite(there.id, content)
        sentence = message("cli.preset_replaced", name=saved.name)
    context.output.result({"preset": _data(saved)}, [sentence])


def _content(context: Context) -> PresetContent:
    """Return what is to be saved: what the arguments have, or what Velora has now."""
    from velora_core.api.models import StreamInfoUpdate

    arguments = context.arguments
    tags = () if arguments.clear_tags else arguments.tag
    given = (arguments.title, arguments.category, tags) != (None, None, None)
    if not given:
        now = context.session.stream_info.get()
        content = PresetContent(
            escape_braces(now.title.strip()) if now.title and now.title.strip() else None,
            now.category_slug or None,
            now.category_name or "" if now.category_slug else "",
            now.tags or None,
        )
    else:
        title = (arguments.title or "").strip() or None
        if title is not None and has_variables(title):
            _check_variables(title)
            tags = StreamInfoUpdate.checked(tags=tags).tags
        else:
            title, _, tags = StreamInfoUpdate.checked(title=title, tags=tags)
        slug, category_name = None, ""
        if arguments.category is not None:
            slug, category_name, _ = find_category(context.session.client(), arguments.category)
        content = PresetContent(title, slug, category_name, tags)
    if not content:
        raise InvalidInput("cli.preset_empty" if given else "error.preset_empty")
    return content


def _delete(context: Context) -> None:
    deleted = _store().delete(context.typed["preset"])
    sentence = message("status.preset_deleted", name=deleted.name)
    context.output.result({"preset": _data(deleted)}, [sentence])


def _rename(context: Context) -> None:
    store, arguments = _store(), context.arguments
    renamed = store.rename(_find(store, arguments.name).id, arguments.new_name)
    sentence = message("status.preset_renamed", name=renamed.name)
    context.output.result({"preset": _data(renamed)}, [sentence])


def _export(context: Context) -> None:
    store, file = _store(), _file(context)
    if not file.parent.is_dir():
        raise FolderMissing(folder=file.parent)
    _read(store)
    if file.exists() and not context.arguments.replace:
        raise FileThere(file=file)
    count = store.export_to(file)
    name = "status.preset_exported_one" if count == 1 else "status.presets_exported"
    sentence = message(name, count=count, file=file.name)
    context.output.result({"exported": count, "file": str(file)}, [sentence])


def _import(context: Context) -> None:
    store, file = _store(), _file(context)
    if not file.exists():
        raise FileMissing(file=file)
    store.read()
    if store.damaged:
        context.output.hint(message("status.presets_damaged", file=store.path))
    done = store.import_from(file)._asdict()
    context.output.result(done, [message("status.presets_imported", **done)])


def _file(context: Context) -> Path:
    """Return the file that is named; raises `FileIsFolder`."""
    file = Path(context.arguments.file).absolute()
    if file.is_dir():  # without a name it is the present one
        raise FileIsFolder(file=file)
    return file


def _store() -> PresetStore:
    from velora_core.storage.presets import PresetStore
    from velora_core.storage.storage import default_folder

    return PresetStore(default_folder())


def _read(store: PresetStore) -> tuple[Preset, ...]:
    """Return the presets; raise what keeps them from being read."""
    found = store.read()
    if store.damaged:
        raise PresetsDamaged(file=store.path)
    return found


def _find(store: PresetStore, name: str) -> Preset:
    """Return the preset with a name, or with an id; raises `PresetUnknown`."""
    found = _read(store)
    by_name = [preset for preset in found if folded(preset.name) == folded(name)]
    for preset in (*by_name, *(preset for preset in found if preset.id == name.strip())):
        return preset
    raise PresetUnknown(name=name.strip())


def _describe(content: PresetContent) -> str:
    category = content.category_name or content.category
    return info_in_words(content.title, category, content.tags)


def _data(preset: Preset) -> dict[str, Any]:
    content = preset.content
    category = {"slug": content.category, "name": content.category_name or None}
    return {
        "id": preset.id,
        "name": preset.name,
        "title": content.title,
        "category": category if content.category is not None else None,
        "tags": list(content.tags) if content.tags is not None else None,
    }


_ACTIONS: Final[Mapping[str, Callable[[Context], None]]] = {
    "list": _list,
    "apply": _apply,
    "save": _save,
    "delete": _delete,
    "rename": _rename,
    "export": _export,
    "import": _import,
}
