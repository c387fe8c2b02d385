"""The panel in Tools → Scripts: draws the application's panel as OBS's properties."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core.app.state import StatusLevel
from velora_core.messages.labels import escape_label
from velora_core.panel.elements import FILES, Action, Element, Kind, Panel

from .fields import UNTYPED

if TYPE_CHECKING:
    from velora_core.application import Application

    from .callbacks import Callbacks
    from .fields import Fields

__all__ = ["PanelView"]

_TYPING_GAP: Final = 0.05  # seconds between two letters

# A view with more entries than this takes too long to be built anew at each letter.
_MANY_OPTIONS: Final = 300

_PIECE: Final = 20  # letters that fit into the narrowest panel, of the widest scripts
_LONG_WORD: Final = re.compile(r"\S{40,}")

_TONES: Final = {
    StatusLevel.NORMAL: obs.OBS_TEXT_INFO_NORMAL,
    StatusLevel.WARNING: obs.OBS_TEXT_INFO_WARNING,
    StatusLevel.ERROR: obs.OBS_TEXT_INFO_ERROR,
}

_COMBO_BOXES: Final = {
    Kind.CHOICE: obs.OBS_COMBO_TYPE_LIST,
    Kind.EDITABLE_CHOICE: obs.OBS_COMBO_TYPE_EDITABLE,
}


class PanelView:
    """Makes OBS's properties, and brings them up to date."""

    def __init__(self, app: Application, fields: Fields, callbacks: Callbacks) -> None:
        self._app = app
        self._fields = fields
        self._callbacks = callbacks
        self._shown = Panel(())  # as the properties have it
        self._key_at = 0.0  # when the latest letter came
        self._served_at = 0.0  # and when all that it brought about had been done

    def build(self) -> Any:
        """Return the panel, for somebody who has just opened it."""
        props = obs.obs_properties_create()
        self._app.panel_opened(partial(self._draw, props))
        return props

    def _draw(self, props: Any) -> None:
        panel = self._app.panel(drawn=True)
        for element in panel.elements:
            self._create(props, element)
        self._show(panel)

    # -- what OBS calls --------------------------------------------------------------------

    def press(self, props: Any, prop: Any) -> bool:
        """Serve one of the buttons."""
        app = self._app
        app.wait_for(app.press(Action(obs.obs_property_name(prop))))
        self._refresh(props, app.panel(drawn=True))
        return True

    def modified(self, props: Any, prop: Any) -> bool:
        """Take up a change of one of the fields; say whether OBS is to build the view anew."""
        if not self._key_at:
            self.updating()
        try:
            return self._modified(props, obs.obs_property_name(prop))
        finally:
            self._key_at, self._served_at = 0.0, time.monotonic()

    def updating(self) -> None:
        """Take note that OBS is about to tell of a change."""
        self._key_at = time.monotonic()

    def _modified(self, props: Any, key: str) -> bool:
        before = self._shown
        element = before.find(key)
        self._fields.read()
        if element.kind in FILES:
            self._app.wait_for_file()
        if element.kind is Kind.SECRET:
            if not self._fields.take_paste(key):
                return False  # the field would be emptied in the middle of a word
            self._app.wait_for_secret()
        if element.kind is Kind.NUMBER:
            return False  # or the field would lose the focus while somebody types in it
        if element.kind is Kind.TEXT and not self._may_draw(element):
            return False
        self._refresh(props, self._app.panel(drawn=True), before)
        return True

    def _may_draw(self, before: Element) -> bool:
        """Return whether OBS may build the view anew; asked at every keystroke.

        The field then gets the focus back, but its cursor goes to the end, and two letters in one
        turn of OBS's event loop would lose the focus. So it happens neither in the middle of a text
        nor in a rush.
        """
        old, new = str(before.value), str(self._app.panel().find(before.key).value)
        at_the_end = new.startswith(old) or old.startswith(new)
        whole = at_the_end or abs(len(new) - len(old)) > 1  # pasted, cut
        # However long the one before has taken: those that wait come right after it.
        calm = self._key_at - self._served_at > _TYPING_GAP
        many = any(len(element.options) > _MANY_OPTIONS for element in self._app.panel().walk())
        return new != old and whole and calm and not many

    # -- creating --------------------------------------------------------------------------

    def _create(self, props: Any, element: Element) -> None:
        kind, key, label = element.kind, element.key, element.label
        if kind is Kind.KEPT:
            return
        if kind is Kind.GROUP:
            # A group with a labelled field has a column for labels, which takes the buttons' room:
            # in a Scripts window of OBS's own size the panel is under 300 pixels wide.
            content = obs.obs_properties_create()
            for part in element.elements:
                self._create(content, part)
            prop = obs.obs_properties_add_group(props, key, label, obs.OBS_GROUP_NORMAL, content)
        elif kind is Kind.BUTTON:
            prop = obs.obs_properties_add_button(props, key, label, self._callbacks.on_button)
        elif kind is Kind.CHECKBOX:
            prop = obs.obs_properties_add_bool(props, key, label)
        elif kind is Kind.NUMBER:
            prop = obs.obs_properties_add_int(props, key, label, *element.limits, 1)
        elif kind in _COMBO_BOXES:
            prop = obs.obs_properties_add_list(
                props, key, label, _COMBO_BOXES[kind], obs.OBS_COMBO_FORMAT_STRING
            )
        elif kind in FILES:
            what = obs.OBS_PATH_FILE if kind is Kind.FILE_TO_OPEN else obs.OBS_PATH_FILE_SAVE
            prop = obs.obs_properties_add_path(props, key, label, what, "*.json", "")
        elif kind is Kind.LIST:
            prop = obs.obs_properties_add_editable_list(
                props, key, label, obs.OBS_EDITABLE_LIST_TYPE_STRINGS, None, None
            )
        else:
            prop = obs.obs_properties_add_text(props, key, label, _text_kind(element))
        if element.redraws or kind in FILES:
            obs.obs_property_set_modified_callback(prop, self._callbacks.on_modified)
        _update(prop, element, new=True)

    # -- up to date ------------------------------------------------------------------------

    def _refresh(self, props: Any, panel: Panel, before: Panel | None = None) -> None:
        """Bring the properties and the fields up to date; with `before` only what differs."""
        same = set(before.walk()) if before else set()
        for element in panel.walk():
            if element.kind is not Kind.KEPT and element not in same:
                _update(obs.obs_properties_get(props, element.key), element)
        self._show(panel)

    def _show(self, panel: Panel) -> None:
        self._shown = panel
        self._fields.write(panel)


def _text_kind(element: Element) -> int:
    kind: int = obs.OBS_TEXT_DEFAULT
    if element.kind is Kind.NOTICE:
        kind = obs.OBS_TEXT_INFO
    elif element.kind is Kind.SECRET and element.masked:
        kind = obs.OBS_TEXT_PASSWORD
    return kind


def _update(prop: Any, element: Element, *, new: bool = False) -> None:
    """Bring a property up to date.

    Args:
        prop: OBS's.
        element: how it is to be.
        new: it has just been made: visible, enabled and with its label.
    """
    if not (new and element.visible):
        obs.obs_property_set_visible(prop, element.visible)
    if new and not element.visible:
        return  # most are not: the rest follows when it is seen, and so has changed
    if element.kind is Kind.GROUP:
        if not new:
            obs.obs_property_set_description(prop, element.label)
        return
    if not (new and element.enabled):
        obs.obs_property_set_enabled(prop, element.enabled)
    if element.help:
        obs.obs_property_set_long_description(prop, element.help)
    if element.kind is Kind.NOTICE:
        text = element.text if element.rich else escape_label(_breakable(element.text))
        obs.obs_property_set_description(prop, text)
        obs.obs_property_text_set_info_type(prop, _TONES[element.tone])
    elif element.kind in _COMBO_BOXES:
        obs.obs_property_list_clear(prop)
        before = UNTYPED if element.kind is Kind.EDITABLE_CHOICE else ""
        for option in element.options:
            obs.obs_property_list_add_string(prop, before + option.label, before + option.value)


def _breakable(text: str) -> str:
    """A text whose words may be cut: a label that can't be wrapped widens the whole panel."""
    return _LONG_WORD.sub(lambda word: "\u200b".join(_pieces(word[0])), text)


def _pieces(word: str) -> list[str]:
    return [word[start : start + _PIECE] for start in range(0, len(word), _PIECE)]
