"""The panel in Tools → Scripts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import obspython as obs

from velora_core.api.validation import title_count, too_long
from velora_core.app.account import TokenOrigin
from velora_core.app.state import StatusLevel
from velora_core.messages import escape_label, message, shorten

from .text_sources import text_source_names

if TYPE_CHECKING:
    from velora_core.app.worker import Job
    from velora_core.application import Application

    from .fields import Fields
    from .loading import Callbacks

__all__ = ["PanelView"]

_NEEDED_SCOPES: Final = (
    ("configure", "stream:key"),
    ("use_my_key", "stream:key"),
    ("regenerate", "stream:key"),
    ("update_now", "stream:write"),
    ("load", "stream:read"),
)

_RUSH: Final = 0.05  # seconds between two letters

# A view with more entries than this takes too long to be built anew at each letter of the title.
_MANY_CATEGORIES: Final = 300

_TONES: Final = {
    StatusLevel.NORMAL: obs.OBS_TEXT_INFO_NORMAL,
    StatusLevel.WARNING: obs.OBS_TEXT_INFO_WARNING,
    StatusLevel.ERROR: obs.OBS_TEXT_INFO_ERROR,
}


class PanelView:
    """Makes OBS's properties, and brings them up to date."""

    def __init__(self, app: Application, fields: Fields, callbacks: Callbacks) -> None:
        self._app = app
        self._fields = fields
        self._callbacks = callbacks
        self._title_shown = ""
        self._title_drawn_at = 0.0
        self._actions: Mapping[str, Callable[[], Job]] = {
            "sign_in": app.sign_in,
            "sign_out": app.sign_out,
            "check": app.check,
            "configure": app.configure,
            "update_now": app.update_now,
            "load": app.load,
            "refresh": app.refresh,
            "use_my_key": app.use_my_key,
            "keep_this_key": app.keep_this_key,
            "regenerate": app.request_new_key,
            "regenerate_yes": app.regenerate,
            "regenerate_no": app.cancel_new_key,
            "restore": app.restore_previous,
        }

    def build(self) -> Any:
        """The panel, for somebody who has just opened it."""
        props = obs.obs_properties_create()
        self._app.panel_opened()
        obs.obs_properties_add_text(props, "status", "", obs.OBS_TEXT_INFO)

        # A group with a labelled field has a column for labels, which takes the buttons' room: in
        # a Scripts window of OBS's own size the panel is under 300 pixels wide.
        account = _group(props, "account")
        obs.obs_properties_add_text(account, "account_line", "", obs.OBS_TEXT_INFO)
        register = message("panel.register")
        obs.obs_properties_add_text(account, "register", register, obs.OBS_TEXT_INFO)
        self._buttons(account, "sign_in", "sign_out", "check")

        _text(_group(props, "browser"), "sign_in_address")

        app = _group(props, "app")
        _text(app, "redirect_address")
        _text(app, "client_id")
        _text(app, "client_secret", obs.OBS_TEXT_PASSWORD)
        self._tell_changes(_number(app, "redirect_port", 1024, 65535))

        token = _group(props, "token")
        _text(token, "access_token", obs.OBS_TEXT_PASSWORD)

        setup = _group(props, "setup")
        protocol = _list(setup, "protocol", "protocol", obs.OBS_COMBO_TYPE_LIST)
        for name in self._app.protocols:
            obs.obs_property_list_add_string(protocol, name.upper(), name)
        self._buttons(setup, "configure")

        info = _group(props, "info")
        self._tell_changes(_text(info, "title"))
        obs.obs_properties_add_text(info, "title_count", "", obs.OBS_TEXT_INFO)
        _list(info, "category_entry", "category", obs.OBS_COMBO_TYPE_EDITABLE)
        tags = obs.obs_properties_add_editable_list(
            info, "tags", message("panel.tags"), obs.OBS_EDITABLE_LIST_TYPE_STRINGS, None, None
        )
        _help(tags, "tags")
        # No help: the icon for it would hide the end of the caption.
        obs.obs_properties_add_bool(info, "update_on_start", message("panel.update_on_start"))
        self._buttons(info, "update_now", "load", "refresh")

        live = _group(props, "live")
        obs.obs_properties_add_text(live, "live_line", "", obs.OBS_TEXT_INFO)
        shortest, longest = self._app.live_intervals
        _number(live, "live_interval", shortest, longest)
        self._tell_changes(_list(live, "text_source", "text_source", obs.OBS_COMBO_TYPE_LIST))
        _text(live, "text_template")

        key = _group(props, "key")
        obs.obs_properties_add_text(key, "key_question", "", obs.OBS_TEXT_INFO)
        self._buttons(key, "use_my_key", "keep_this_key")
        self._buttons(key, "regenerate", "regenerate_yes", "regenerate_no")
        obs.obs_properties_add_text(key, "previous", "", obs.OBS_TEXT_INFO)
        self._buttons(key, "restore")
        self._refresh(props)
        return props

    def _buttons(self, props: Any, *names: str) -> None:
        for name in names:
            caption = message(f"button.{name}")
            prop = obs.obs_properties_add_button(props, name, caption, self._callbacks.button)
            if name != "restore":  # whose help depends on what there is to restore
                _help(prop, name)

    def _tell_changes(self, prop: Any) -> None:
        obs.obs_property_set_modified_callback(prop, self._callbacks.modified)

    # -- what OBS calls --------------------------------------------------------------------

    def press(self, props: Any, prop: Any) -> bool:
        """A button was pressed."""
        self._app.settle(self._actions[obs.obs_property_name(prop)]())
        self._refresh(props)
        return True

    def modified(self, props: Any, prop: Any) -> bool:
        """A field was changed; says whether OBS is to build the view anew."""
        name = obs.obs_property_name(prop)
        if name == "title":
            return self._title_changed(props)
        if name == "text_source":
            self._fields.show_template()
            template = obs.obs_properties_get(props, "text_template")
            obs.obs_property_set_visible(template, bool(self._fields.text_source))
            return True
        self._fields.read()
        self._fields.show_redirect_address()
        return False  # or the field would lose the focus while somebody types in it

    def _title_changed(self, props: Any) -> bool:
        """At every keystroke. True has OBS build the view anew, for the count below the title: the
        field gets the focus back, but its cursor goes to the end, and two letters in one turn of
        OBS's event loop would lose the focus. So neither happens in the middle of a text nor in a
        rush.
        """
        title, before = self._fields.title, self._title_shown
        at_the_end = title.startswith(before) or before.startswith(title)
        whole = at_the_end or abs(len(title) - len(before)) > 1  # pasted, cut
        now = time.monotonic()
        calm = now - self._title_drawn_at > _RUSH
        many = len(self._app.state.categories) > _MANY_CATEGORIES
        if title == before or not (whole and calm) or many:
            return False
        self._title_drawn_at = now
        self._show_title_count(props)
        return True

    # -- up to date ------------------------------------------------------------------------

    def _refresh(self, props: Any) -> None:
        """Brings the panel up to date with the application's state."""

        def prop(name: str) -> Any:
            return obs.obs_properties_get(props, name)

        def show(names: Iterable[str], wanted: bool) -> None:
            for name in names:
                obs.obs_property_set_visible(prop(name), wanted)

        app = self._app
        state = app.drawn()
        account = state.account
        obs.obs_property_set_description(prop("status"), escape_label(state.status))
        obs.obs_property_text_set_info_type(prop("status"), _TONES[state.tone])

        obs.obs_property_set_description(prop("account_line"), escape_label(account.sentence))
        show(["sign_in"], account.can_sign_in)
        show(["register", "group_app"], account.can_register)
        register = message("panel.registered" if account.client_known else "panel.register")
        obs.obs_property_set_description(prop("register"), register)
        show(["group_token"], account.can_paste)
        show(["sign_out"], account.origin in (TokenOrigin.SIGNED_IN, TokenOrigin.ENTERED))
        from_environment = account.origin is TokenOrigin.ENVIRONMENT
        obs.obs_property_set_enabled(prop("access_token"), not from_environment)
        if from_environment:
            description = message("panel.token_from_environment")
            obs.obs_property_set_long_description(prop("access_token"), description)
        self._fields.show_redirect_address()
        show(["group_browser"], bool(self._fields.show_sign_in_address()))

        show(["key_question", "use_my_key", "keep_this_key"], app.asking)
        question = escape_label(message("status.key_asked"))
        obs.obs_property_set_description(prop("key_question"), question)
        obs.obs_property_text_set_info_type(prop("key_question"), obs.OBS_TEXT_INFO_WARNING)
        show(["regenerate"], not state.confirming)
        show(["regenerate_yes", "regenerate_no"], state.confirming)
        for name, scope in _NEEDED_SCOPES:
            obstacle = account.obstacle(scope)
            obs.obs_property_set_enabled(prop(name), obstacle is None)
            help_text = obstacle or message(f"panel.{name}_help")
            obs.obs_property_set_long_description(prop(name), help_text)

        category = prop("category_entry")
        obs.obs_property_list_clear(category)
        for name in app.category_names:
            # An editable list shows and stores the same text; `Fields.read` makes it the slug.
            obs.obs_property_list_add_string(category, name, name)
        self._fields.show_category()

        previous = app.previous
        show(["restore", "previous"], previous is not None)
        if previous is not None:
            sentence = escape_label(app.previous_sentence)
            obs.obs_property_set_description(prop("previous"), sentence)
            description = message("panel.restore_help", service=previous)
            obs.obs_property_set_long_description(prop("restore"), description)
        self._show_title_count(props)
        obs.obs_property_set_description(prop("live_line"), escape_label(app.live_summary))
        source = prop("text_source")
        obs.obs_property_list_clear(source)
        obs.obs_property_list_add_string(source, message("panel.no_text_source"), "")
        for name in text_source_names():
            obs.obs_property_list_add_string(source, shorten(name), name)
        show(["text_template"], bool(self._fields.text_source))

    def _show_title_count(self, props: Any) -> None:
        self._title_shown = title = self._fields.title
        line = obs.obs_properties_get(props, "title_count")
        count = title_count(title)
        obs.obs_property_set_visible(line, bool(count))
        obs.obs_property_set_description(line, count)
        tone = StatusLevel.ERROR if too_long(title) else StatusLevel.NORMAL
        obs.obs_property_text_set_info_type(line, _TONES[tone])


def _help(prop: Any, name: str) -> None:
    obs.obs_property_set_long_description(prop, message(f"panel.{name}_help"))


def _group(props: Any, name: str) -> Any:
    group = obs.obs_properties_create()
    title = message(f"panel.{name}")
    obs.obs_properties_add_group(props, f"group_{name}", title, obs.OBS_GROUP_NORMAL, group)
    return group


def _text(props: Any, name: str, kind: int = obs.OBS_TEXT_DEFAULT) -> Any:
    prop = obs.obs_properties_add_text(props, name, message(f"panel.{name}"), kind)
    _help(prop, name)
    return prop


def _number(props: Any, name: str, least: int, most: int) -> Any:
    prop = obs.obs_properties_add_int(props, name, message(f"panel.{name}"), least, most, 1)
    _help(prop, name)
    return prop


def _list(props: Any, key: str, name: str, kind: int) -> Any:
    prop = obs.obs_properties_add_list(
        props, key, message(f"panel.{name}"), kind, obs.OBS_COMBO_FORMAT_STRING
    )
    _help(prop, name)
    return prop
