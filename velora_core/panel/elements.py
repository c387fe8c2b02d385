"""What a panel consists of: immutable values, which any user interface can draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import NamedTuple, TypeAlias

from velora_core.app.state import StatusLevel

__all__ = [
    "FIELDS",
    "FILES",
    "TRANSIENT",
    "Action",
    "Element",
    "Kind",
    "Option",
    "Panel",
    "Section",
    "Value",
]

Value: TypeAlias = str | int | bool | tuple[str, ...]
"""What a field holds."""


class Kind(Enum):
    """What an element is; the names of the fields say what they edit."""

    __hash__ = object.__hash__  # Enum's own is written in Python, and asked for a thousand times

    GROUP = "group"
    NOTICE = "notice"  # a text to read
    BUTTON = "button"
    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - taken over as soon as something is in it, and emptied
    NUMBER = "number"
    CHECKBOX = "checkbox"
    CHOICE = "choice"
    EDITABLE_CHOICE = "editable_choice"  # its options are texts, and any other text is one, too
    LIST = "list"  # of texts
    FILE_TO_SAVE = "file_to_save"  # a path, which is used as soon as it is chosen, and emptied
    FILE_TO_OPEN = "file_to_open"
    ADDRESS = "address"  # a text to copy: what is typed there counts for nothing
    KEPT = "kept"  # not shown; the host keeps it with the fields


FILES = frozenset({Kind.FILE_TO_SAVE, Kind.FILE_TO_OPEN})
"""The kinds for a file to choose."""
TRANSIENT = FILES | {Kind.SECRET}
"""The kinds that are emptied as soon as something is in them."""
FIELDS = frozenset(Kind) - {Kind.GROUP, Kind.NOTICE, Kind.BUTTON, Kind.ADDRESS}
"""The kinds whose values go to `Application.edit`."""


class Action(Enum):
    """What a button asks for; the value is the key of its element."""

    SIGN_IN = "sign_in"
    USE_TOKEN = "use_token"  # noqa: S105 - another way to sign in
    SIGN_OUT = "sign_out"
    CHECK = "check"
    CONFIGURE = "configure"
    UPDATE_NOW = "update_now"
    LOAD = "load"
    OPEN_CHANNEL = "open_channel"
    OPEN_CHAT = "open_chat"
    FIND_CATEGORY = "find_category"
    STAR_CATEGORY = "star_category"
    REFRESH = "refresh"
    USE_RTMP = "use_rtmp"
    USE_MY_KEY = "use_my_key"
    KEEP_THIS_KEY = "keep_this_key"
    REGENERATE = "regenerate"
    CONFIRM_REGENERATE = "regenerate_yes"
    CANCEL_REGENERATE = "regenerate_no"
    RESTORE = "restore"
    COPY_ADDRESS = "copy_address"
    COPY_KEY = "copy_key"
    CONFIRM_COPY_KEY = "copy_key_yes"
    CANCEL_COPY_KEY = "copy_key_no"
    GO_LIVE = "go_live"
    HAVE_STOPPED = "have_stopped"
    PRESET_APPLY = "preset_apply"
    PUT_BACK = "put_back"
    PRESETS_MORE = "presets_more"
    PRESETS_LESS = "presets_less"
    PRESET_SAVE = "preset_save"
    PRESET_OVERWRITE = "preset_overwrite"
    PRESET_RENAME = "preset_rename"
    PROGRAMS_SAVE = "programs_save"
    PRESET_UP = "preset_up"
    PRESET_DOWN = "preset_down"
    PRESET_DELETE = "preset_delete"
    CONFIRM_PRESET_DELETE = "preset_delete_yes"
    CANCEL_PRESET_DELETE = "preset_delete_no"
    SCENE_TIE = "scene_tie"
    SCENE_UNTIE = "scene_untie"
    RECENT_USE = "recent_use"
    SET_COUNT = "set_count"
    OPEN_PAGE = "open_page"
    CLOSE_PAGE = "close_page"
    PROGRAM_ADD = "program_add"
    PROGRAM_REVOKE = "program_revoke"


class Section(Enum):
    """What the panel shows one of at a time; the value is that of the choice."""

    INFO = "info"
    SETUP = "setup"
    PRESETS = "presets"
    PICTURE = "picture"
    ACCOUNT = "account"
    PAGE = "page"


class Option(NamedTuple):
    """One of a choice: what is shown for it, and what it stands for."""

    label: str
    value: str


class Element(NamedTuple):
    """A group, a text, a button or a field.

    Attributes:
        kind: which of them.
        key: its name; of a field, the setting that it edits.
        label: of a group, button or field, its caption.
        help: what it is for, or why it can't be used now.
        visible: whether it is shown.
        enabled: whether it can be used.
        text: of a notice.
        rich: whether that text may hold links.
        tone: whether it is good or bad news.
        value: of a field; always empty for a secret.
        masked: of a secret, whether what is typed is hidden.
        options: of a choice.
        limits: of a number, the least and the most.
        redraws: of a field, whether other elements depend on what is in it.
        derived: of a field, whether it shows something that is kept elsewhere, in another form:
            it counts only when somebody has changed what was put there.
        action: of a button.
        elements: of a group.
    """

    kind: Kind
    key: str
    label: str = ""
    help: str = ""
    visible: bool = True
    enabled: bool = True
    text: str = ""
    rich: bool = False
    tone: StatusLevel = StatusLevel.NORMAL
    value: Value = ""
    masked: bool = True
    options: tuple[Option, ...] = ()
    limits: tuple[int, int] = (0, 0)
    redraws: bool = False
    derived: bool = False
    action: Action | None = None
    elements: tuple[Element, ...] = ()


class Panel(NamedTuple):
    """All that is shown, from top to bottom. Its keys are the same in every state."""

    elements: tuple[Element, ...]

    def walk(self) -> Iterator[Element]:
        """Yield each group, followed by what is in it, and all else."""
        for element in self.elements:
            yield element
            yield from element.elements

    def find(self, key: str) -> Element:
        """Return the element of that name.

        Raises:
            KeyError: there is none.
        """
        for element in self.walk():
            if element.key == key:
                return element
        raise KeyError(key)

    def shows(self, key: str) -> bool:
        """Return whether an element is visible, and the group that it is in.

        Raises:
            KeyError: there is none of that name.
        """
        for outer in self.elements:
            if outer.key == key:
                return outer.visible
            for element in outer.elements:
                if element.key == key:
                    return outer.visible and element.visible
        raise KeyError(key)

    def shown(self) -> frozenset[str]:
        """Return the keys of all that is visible, in a group that is visible."""
        return frozenset(
            element.key
            for outer in self.elements
            if outer.visible
            for element in (outer, *outer.elements)
            if element.visible
        )

    def values(self) -> Mapping[str, Value]:
        """Return what the fields hold, by key."""
        return {element.key: element.value for element in self.walk() if element.kind in FIELDS}
