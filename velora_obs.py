"""Velora for OBS Studio: load this file in OBS under Tools → Scripts.

This is OBS's side only: hooks, the panel, and how OBS does what the application asks for. All else
is in `velora_core`. OBS calls everything here on its UI thread. This file has to be readable for
Pythons that are too old for `velora_core`, so that it can say so.
"""

import json
import os
import sys

import obspython as obs

OLDEST_PYTHON = (3, 10)
DEPENDENCIES = ("requests", "oauthlib", "keyring", "platformdirs")
DEPENDENCY_FOLDER = "velora_lib"  # beside this file; for what OBS's Python doesn't have

# All Python scripts of OBS share one interpreter. What is loaded is kept where each copy of this
# file finds it, because only one of them may work.
_SLOT = "_velora_session"

# Fields that are emptied as soon as something is in them: OBS would save it with the scenes.
_SECRET_FIELDS = ("access_token", "client_id", "client_secret")


_this_module = sys.modules[__name__]
_complete = False  # once everything it needs was found
_session = None  # of this copy, while it is loaded and is the one that works


def _owner():
    return getattr(obs, _SLOT, None)


if _owner() is None:
    # "Reload" imports only this file anew; without this, velora_core would stay as it was.
    for _name in [one for one in sys.modules if one.split(".")[0] == "velora_core"]:
        del sys.modules[_name]


class _Session:
    """The loaded script."""

    def __init__(self, settings):
        self.path = script_path()  # noqa: F821 - OBS puts it into this module
        self.settings = settings  # OBS's own; lives as long as the script is loaded
        self.app = None
        self.category_shown = ""


def _obstacle():
    """One sentence on why the script can't run here, or None."""
    global _complete
    sentence = None if _complete else _lacking()
    if sentence is not None:
        return sentence
    _complete = True
    owner = _owner()
    if owner is not None and owner is not _session:
        from velora_core.texts import say

        return say("panel.second_copy", path=owner.path)
    return None


def _lacking():
    """One sentence on what the script needs and doesn't find, or None."""
    if sys.version_info < OLDEST_PYTHON:
        return (
            "Velora for OBS needs Python {}.{} or later, and this OBS uses {}.{}: install a newer "
            "one and choose it under Tools → Scripts → Python Settings.".format(
                *(OLDEST_PYTHON + sys.version_info[:2])
            )
        )
    from importlib.util import find_spec

    folder = os.path.join(script_path(), DEPENDENCY_FOLDER)  # noqa: F821
    if os.path.isdir(folder) and folder not in sys.path:
        sys.path.append(folder)  # last: what other scripts rely on goes first
    if find_spec("velora_core") is None:
        return (
            "Velora for OBS is not complete: put the folder velora_core beside velora_obs.py, "
            "then reload this script."
        )
    from velora_core.texts import say

    for name in DEPENDENCIES:
        if find_spec(name) is None:
            names = " ".join(DEPENDENCIES)
            return say("error.dependency", name=name, folder=folder, names=names)
    return None


class ObsHost:
    """OBS as `velora_core.host.Host` describes it."""

    def service(self):
        from velora_core.service import Service

        service = obs.obs_frontend_get_streaming_service()  # borrowed
        data = obs.obs_service_get_settings(service)
        settings = json.loads(obs.obs_data_get_json(data))
        obs.obs_data_release(data)
        return Service(obs.obs_service_get_type(service), settings)

    def set_service(self, service, audio):
        data = obs.obs_data_create_from_json(json.dumps(dict(service.settings)))
        made = obs.obs_service_create(service.kind, "default_service", data, None)
        obs.obs_frontend_set_streaming_service(made)
        obs.obs_frontend_save_streaming_service()
        obs.obs_service_release(made)
        obs.obs_data_release(data)
        if audio is not None and audio != self.audio_encoders():
            config = obs.obs_frontend_get_profile_config()
            for (section, name), encoder in zip(_AUDIO_ENCODERS, audio):  # noqa: B905
                if encoder:
                    obs.config_set_string(config, section, name, encoder)
            obs.config_save_safe(config, "tmp", None)

    def audio_encoders(self):
        from velora_core.service import AudioEncoders

        if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP either
            return AudioEncoders("", "")
        config = obs.obs_frontend_get_profile_config()
        return AudioEncoders(
            *(obs.config_get_string(config, *where) or "" for where in _AUDIO_ENCODERS)
        )

    def profile(self):
        return obs.obs_frontend_get_current_profile()

    def streaming(self):
        return obs.obs_frontend_streaming_active()

    def has_whip(self):
        service = obs.obs_service_get_display_name("whip_custom")
        return service is not None and obs.obs_output_get_display_name("whip_output") is not None

    def log(self, severity, sentence):
        from velora_core.host import Severity

        loud = severity is Severity.WARNING
        obs.script_log(obs.LOG_WARNING if loud else obs.LOG_INFO, sentence)

    def wake(self):
        # Returns at once on any thread; OBS then calls script_save on its UI thread.
        obs.obs_frontend_save()


_AUDIO_ENCODERS = (("SimpleOutput", "StreamAudioEncoder"), ("AdvOut", "AudioEncoder"))


_NEEDED_SCOPES = (
    ("configure", "stream:key"),
    ("regenerate", "stream:key"),
    ("update_now", "stream:write"),
)


# -- OBS's hooks -------------------------------------------------------------------------------


def script_description():
    if sys.version_info < OLDEST_PYTHON or _obstacle() is not None:
        return "<b>Velora for OBS</b>"
    from velora_core.texts import say

    return say("panel.description")


def script_defaults(settings):
    if _obstacle() is not None:
        return
    from velora_core.app_registration import DEFAULT_PORT

    obs.obs_data_set_default_string(settings, "protocol", "rtmp")
    obs.obs_data_set_default_bool(settings, "update_on_start", True)
    obs.obs_data_set_default_int(settings, "redirect_port", DEFAULT_PORT)


def script_load(settings):
    global _session
    # OBS imports by file name: a second copy in another folder would be handed this very module,
    # and nothing would tell the two apart. This way it gets a module of its own.
    sys.modules.pop(__name__, None)
    obstacle = _obstacle()
    if obstacle is not None:
        obs.script_log(obs.LOG_WARNING, obstacle)
        return
    from velora_core import __version__
    from velora_core.app import Application

    _session = session = _Session(settings)
    session.app = Application(
        ObsHost(),
        preset_folder=script_path(),  # noqa: F821
        application="velora-obs/" + __version__,
    )
    setattr(obs, _SLOT, session)
    _show_category(session)
    obs.obs_frontend_add_event_callback(on_event)


def script_unload():
    global _session
    sys.modules[__name__] = _this_module  # where "Reload" looks for it
    if _session:
        _session.app.close()
        setattr(obs, _SLOT, None)
        _session = None


def script_update(settings):
    if _session:
        _read(_session, settings)


def _read(session, settings):
    """Takes what the fields hold; called at every keystroke."""
    from velora_core.state import StreamSettings

    for field in _SECRET_FIELDS:
        if obs.obs_data_has_user_value(settings, field):
            text = obs.obs_data_get_string(settings, field)
            obs.obs_data_erase(settings, field)
            session.app.entered(field, text)
    typed = obs.obs_data_get_string(settings, "category_entry")
    if typed != session.category_shown:
        session.category_shown = typed
        obs.obs_data_set_string(settings, "category", session.app.category_entered(typed))
    session.app.settings = StreamSettings(
        title=obs.obs_data_get_string(settings, "title"),
        category=obs.obs_data_get_string(settings, "category"),
        tags=_tags(settings),
        protocol=obs.obs_data_get_string(settings, "protocol"),
        update_on_start=obs.obs_data_get_bool(settings, "update_on_start"),
        redirect_port=obs.obs_data_get_int(settings, "redirect_port"),
    )


def script_save(settings):  # noqa: ARG001
    if _session:
        _session.app.ui_turn()


def on_event(event):
    if not _session:
        return
    app = _session.app
    if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTING:
        app.stream_starting()
    elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTED:
        app.stream_started()
    elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED:
        app.stream_stopped()
    elif event == obs.OBS_FRONTEND_EVENT_PROFILE_CHANGED:
        app.profile_changed()
    elif event == obs.OBS_FRONTEND_EVENT_EXIT:
        app.close()
    app.ui_turn()


# -- the panel ---------------------------------------------------------------------------------


def script_properties():
    props = obs.obs_properties_create()
    session = _session
    if not session:
        sentence = _obstacle() or "Velora for OBS could not start: reload this script."
        status = obs.obs_properties_add_text(props, "status", sentence, obs.OBS_TEXT_INFO)
        obs.obs_property_text_set_info_type(status, obs.OBS_TEXT_INFO_ERROR)
        return props
    from velora_core.texts import say

    session.app.panel_opened()
    obs.obs_properties_add_text(props, "status", "", obs.OBS_TEXT_INFO)

    account = _group(props, "account")
    obs.obs_properties_add_text(account, "account_line", "", obs.OBS_TEXT_INFO)
    _button(account, "sign_in", on_sign_in)
    obs.obs_properties_add_text(account, "register", say("panel.register"), obs.OBS_TEXT_INFO)
    _text(account, "redirect_address")
    _text(account, "client_id")
    _text(account, "client_secret", obs.OBS_TEXT_PASSWORD)
    port = obs.obs_properties_add_int(
        account, "redirect_port", say("panel.redirect_port"), 1024, 65535, 1
    )
    _help(port, "redirect_port")
    obs.obs_property_set_modified_callback(port, on_port_changed)
    _text(account, "access_token", obs.OBS_TEXT_PASSWORD)
    _button(account, "sign_out", on_sign_out)

    setup = _group(props, "setup")
    protocol = _list(setup, "protocol", "protocol", obs.OBS_COMBO_TYPE_LIST)
    for name in session.app.protocols:
        obs.obs_property_list_add_string(protocol, name.upper(), name)
    _button(setup, "configure", on_configure)
    _button(setup, "restore", on_restore)

    info = _group(props, "info")
    _text(info, "title")
    _list(info, "category_entry", "category", obs.OBS_COMBO_TYPE_EDITABLE)
    tags = obs.obs_properties_add_editable_list(
        info, "tags", say("panel.tags"), obs.OBS_EDITABLE_LIST_TYPE_STRINGS, None, None
    )
    _help(tags, "tags")
    update = obs.obs_properties_add_bool(info, "update_on_start", say("panel.update_on_start"))
    _help(update, "update_on_start")
    _button(info, "update_now", on_update_now)
    _button(info, "refresh", on_refresh)

    key = _group(props, "key")
    _button(key, "regenerate", on_ask_regenerate)
    _button(key, "regenerate_yes", on_regenerate)
    _button(key, "regenerate_no", on_keep_key)
    _draw(session, props)
    return props


def _help(prop, name):
    from velora_core.texts import say

    obs.obs_property_set_long_description(prop, say("panel." + name + "_help"))


def _group(props, name):
    from velora_core.texts import say

    group = obs.obs_properties_create()
    title = say("panel." + name)
    obs.obs_properties_add_group(props, "group_" + name, title, obs.OBS_GROUP_NORMAL, group)
    return group


def _text(props, name, kind=obs.OBS_TEXT_DEFAULT):
    from velora_core.texts import say

    _help(obs.obs_properties_add_text(props, name, say("panel." + name), kind), name)


def _list(props, key, name, kind):
    from velora_core.texts import say

    prop = obs.obs_properties_add_list(
        props, key, say("panel." + name), kind, obs.OBS_COMBO_FORMAT_STRING
    )
    _help(prop, name)
    return prop


def _button(props, name, pressed):
    from velora_core.texts import say

    _help(obs.obs_properties_add_button(props, name, say("button." + name), pressed), name)


def _draw(session, props):
    """Brings the panel up to date with the application's state."""
    from velora_core.account import TokenOrigin
    from velora_core.state import Tone
    from velora_core.texts import as_label, say

    def prop(name):
        return obs.obs_properties_get(props, name)

    def show(names, wanted):
        for name in names:
            obs.obs_property_set_visible(prop(name), wanted)

    state = session.app.state
    account = state.account
    obs.obs_property_set_description(prop("status"), as_label(state.status))
    kinds = {Tone.WARNING: obs.OBS_TEXT_INFO_WARNING, Tone.ERROR: obs.OBS_TEXT_INFO_ERROR}
    kind = kinds.get(state.tone, obs.OBS_TEXT_INFO_NORMAL)
    obs.obs_property_text_set_info_type(prop("status"), kind)

    obs.obs_property_set_description(prop("account_line"), as_label(account.sentence))
    show(["sign_in"], account.can_sign_in)
    show(
        ["register", "redirect_address", "client_id", "client_secret", "redirect_port"],
        account.can_register,
    )
    register = say("panel.registered" if account.client_known else "panel.register")
    obs.obs_property_set_description(prop("register"), register)
    show(["access_token"], account.origin is not TokenOrigin.SIGNED_IN)
    show(["sign_out"], account.origin in (TokenOrigin.SIGNED_IN, TokenOrigin.ENTERED))
    from_environment = account.origin is TokenOrigin.ENVIRONMENT
    obs.obs_property_set_enabled(prop("access_token"), not from_environment)
    if from_environment:
        description = say("panel.token_from_environment")
        obs.obs_property_set_long_description(prop("access_token"), description)
    _show_redirect_address(session)

    show(["regenerate"], not state.confirming)
    show(["regenerate_yes", "regenerate_no"], state.confirming)
    for name, scope in _NEEDED_SCOPES:
        obstacle = account.obstacle(scope)
        obs.obs_property_set_enabled(prop(name), obstacle is None)
        help_text = obstacle or say("panel." + name + "_help")
        obs.obs_property_set_long_description(prop(name), help_text)

    category = prop("category_entry")
    obs.obs_property_list_clear(category)
    for one in state.categories:
        # An editable list shows and stores the same text; script_update turns it into the slug.
        obs.obs_property_list_add_string(category, one.name, one.name)
    _show_category(session)
    show(["restore"], session.app.can_restore)


def _show_redirect_address(session):
    """A field, because what is in a field can be copied."""
    address = session.app.redirect_address
    obs.obs_data_set_string(session.settings, "redirect_address", address)


def _show_category(session):
    """Puts the name of the category that is set into the field for it."""
    slug = obs.obs_data_get_string(session.settings, "category")
    session.category_shown = session.app.category_shown(slug)
    obs.obs_data_set_string(session.settings, "category_entry", session.category_shown)


def _tags(settings):
    tags = obs.obs_data_get_array(settings, "tags")
    found = []
    for position in range(obs.obs_data_array_count(tags)):
        item = obs.obs_data_array_item(tags, position)
        found.append(obs.obs_data_get_string(item, "value"))
        obs.obs_data_release(item)
    obs.obs_data_array_release(tags)
    return tuple(found)


def _press(props, action):
    if not _session:
        return False
    _session.app.settle(action(_session.app))
    _draw(_session, props)
    return True


def on_port_changed(props, prop, settings):  # noqa: ARG001
    if _session:
        # Not the given settings: upon "Reload" OBS calls this with empty ones.
        _read(_session, _session.settings)
        _show_redirect_address(_session)
    return False  # or the field would lose the focus while somebody types in it


def on_sign_in(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.sign_in())


def on_sign_out(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.sign_out())


def on_configure(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.configure())


def on_update_now(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.update_now())


def on_refresh(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.refresh())


def on_ask_regenerate(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.ask_regenerate())


def on_regenerate(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.regenerate())


def on_keep_key(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.keep_key())


def on_restore(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.restore_previous())
