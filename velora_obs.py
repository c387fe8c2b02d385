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
DEPENDENCIES = ("requests", "platformdirs")
DEPENDENCY_FOLDER = "velora_lib"  # beside this file; for what OBS's Python doesn't have

# All Python scripts of OBS share one interpreter, and copies of this file in several folders even
# share this module. So what is loaded is kept where each copy finds it.
_SLOT = "_velora_session"


def _owner():
    return getattr(obs, _SLOT, None)


if _owner() is None:
    # "Reload" imports only this file anew; without this, velora_core would stay as it was.
    for _name in [one for one in sys.modules if one.split(".")[0] == "velora_core"]:
        del sys.modules[_name]


class _Session:
    """One loaded copy of the script."""

    def __init__(self, identity, settings):
        self.identity = identity
        self.settings = settings  # OBS's own; lives as long as the script is loaded
        self.app = None
        self.category_shown = ""


def _identity():
    return __name__, script_path()  # noqa: F821 - OBS puts it into this module


def _session():
    """The loaded session if this copy of the script is the one that has it, else None."""
    session = _owner()
    return session if session and session.identity == _identity() else None


def _obstacle():
    """One sentence on why the script can't run here, or None."""
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
            return say("error.dependency", name=name, folder=folder)
    owner = _owner()
    if owner is not None and owner.identity != _identity():
        return say("panel.second_copy", path=owner.identity[1])
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


# -- OBS's hooks -------------------------------------------------------------------------------


def script_description():
    if sys.version_info < OLDEST_PYTHON or _obstacle() is not None:
        return "<b>Velora for OBS</b>"
    from velora_core.texts import say

    return say("panel.description")


def script_defaults(settings):
    obs.obs_data_set_default_string(settings, "protocol", "rtmp")
    obs.obs_data_set_default_bool(settings, "update_on_start", True)


def script_load(settings):
    obstacle = _obstacle()
    if obstacle is not None:
        obs.script_log(obs.LOG_WARNING, obstacle)
        return
    from velora_core import __version__
    from velora_core.app import Application

    session = _Session(_identity(), settings)
    session.app = Application(ObsHost(), application="velora-obs/" + __version__)
    setattr(obs, _SLOT, session)
    _show_category(session)
    obs.obs_frontend_add_event_callback(on_event)


def script_unload():
    session = _session()
    if session:
        setattr(obs, _SLOT, None)
        session.app.close()


def script_update(settings):
    session = _session()
    if not session:
        return
    from velora_core.state import StreamSettings

    if obs.obs_data_has_user_value(settings, "access_token"):
        token = obs.obs_data_get_string(settings, "access_token")
        obs.obs_data_erase(settings, "access_token")  # or it would be saved with the scenes
        session.app.token_entered(token)
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
    )


def script_save(settings):  # noqa: ARG001
    session = _session()
    if session:
        session.app.ui_turn()


def on_event(event):
    session = _session()
    if not session:
        return
    app = session.app
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
    session = _session()
    if not session:
        sentence = _obstacle() or "Velora for OBS could not start: reload this script."
        status = obs.obs_properties_add_text(props, "status", sentence, obs.OBS_TEXT_INFO)
        obs.obs_property_text_set_info_type(status, obs.OBS_TEXT_INFO_ERROR)
        return props
    from velora_core.texts import say

    session.app.panel_opened()

    def help_text(prop, name):
        obs.obs_property_set_long_description(prop, say(name))

    def button(name, pressed):
        prop = obs.obs_properties_add_button(props, name, say("button." + name), pressed)
        help_text(prop, "panel." + name + "_help")

    obs.obs_properties_add_text(props, "status", "", obs.OBS_TEXT_INFO)
    token = obs.obs_properties_add_text(
        props, "access_token", say("panel.token"), obs.OBS_TEXT_PASSWORD
    )
    help_text(token, "panel.token_help")
    protocol = obs.obs_properties_add_list(
        props,
        "protocol",
        say("panel.protocol"),
        obs.OBS_COMBO_TYPE_LIST,
        obs.OBS_COMBO_FORMAT_STRING,
    )
    help_text(protocol, "panel.protocol_help")
    for name in session.app.protocols:
        obs.obs_property_list_add_string(protocol, name.upper(), name)
    button("configure", on_configure)
    title = obs.obs_properties_add_text(props, "title", say("panel.title"), obs.OBS_TEXT_DEFAULT)
    help_text(title, "panel.title_help")
    category = obs.obs_properties_add_list(
        props,
        "category_entry",
        say("panel.category"),
        obs.OBS_COMBO_TYPE_EDITABLE,
        obs.OBS_COMBO_FORMAT_STRING,
    )
    help_text(category, "panel.category_help")
    tags = obs.obs_properties_add_editable_list(
        props, "tags", say("panel.tags"), obs.OBS_EDITABLE_LIST_TYPE_STRINGS, None, None
    )
    help_text(tags, "panel.tags_help")
    update = obs.obs_properties_add_bool(props, "update_on_start", say("panel.update_on_start"))
    help_text(update, "panel.update_on_start_help")
    button("update_now", on_update_now)
    button("refresh", on_refresh)
    button("restore", on_restore)
    _draw(session, props)
    return props


def _draw(session, props):
    """Brings the panel up to date with the application's state."""
    from velora_core.state import TokenOrigin, Tone
    from velora_core.texts import as_label, say

    state = session.app.state
    status = obs.obs_properties_get(props, "status")
    obs.obs_property_set_description(status, as_label(state.status))
    kinds = {Tone.WARNING: obs.OBS_TEXT_INFO_WARNING, Tone.ERROR: obs.OBS_TEXT_INFO_ERROR}
    kind = kinds.get(state.tone, obs.OBS_TEXT_INFO_NORMAL)
    obs.obs_property_text_set_info_type(status, kind)
    token = obs.obs_properties_get(props, "access_token")
    from_environment = state.token_origin is TokenOrigin.ENVIRONMENT
    obs.obs_property_set_enabled(token, not from_environment)
    if from_environment:
        obs.obs_property_set_long_description(token, say("panel.token_from_environment"))
    category = obs.obs_properties_get(props, "category_entry")
    obs.obs_property_list_clear(category)
    for one in state.categories:
        # An editable list shows and stores the same text; script_update turns it into the slug.
        obs.obs_property_list_add_string(category, one.name, one.name)
    _show_category(session)
    restore = obs.obs_properties_get(props, "restore")
    obs.obs_property_set_visible(restore, session.app.can_restore)


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
    session = _session()
    if not session:
        return False
    session.app.settle(action(session.app))
    _draw(session, props)
    return True


def on_configure(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.configure())


def on_update_now(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.update_now())


def on_refresh(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.refresh())


def on_restore(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.restore_previous())
