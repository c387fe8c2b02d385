"""Velora for OBS Studio: load this file in OBS under Tools → Scripts.

This is OBS's side only: hooks, the panel, and how OBS does what the application asks for. All else
is in `velora_core`. OBS calls everything here on its UI thread. This file has to be readable for
Pythons that are too old for `velora_core`, so that it can say so.
"""

import json
import os
import sys
import time

import obspython as obs

OLDEST_PYTHON = (3, 10)
DEPENDENCIES = ("requests", "oauthlib", "keyring", "platformdirs", "truststore")
DEPENDENCY_FOLDER = "velora_lib"  # for what OBS's Python doesn't have

# The folder beside this file that has the rest; the installer fills in its name. Empty: this one.
PARTS = ""

# All Python scripts of OBS share one interpreter. What is loaded is kept where each copy of this
# file finds it, because only one of them may work.
_SLOT = "_velora_session"

# What the running stream was to be called, when Velora hadn't taken it before this was unloaded:
# a switch of the scene collection loads scripts anew, and may load another copy.
_PENDING_UPDATE = "_velora_unsent"
_UNSENT_LIFE = 600.0  # seconds

# What the application wants to know again after a reload.
_MEMORY = "_velora_memory"

# The audio encoder that was made for a stream, while its output does not hold it itself.
_ENCODER = "_velora_encoder"

# Fields that are emptied as soon as something is in them: OBS would save it with the scenes.
_SECRET_FIELDS = ("access_token", "client_id", "client_secret")


_this_module = sys.modules[__name__]
_complete = False  # once everything it needs was found
_session = None  # of this copy, while it is loaded and is the one that works
_places = None  # what `_place_functions` has found
_place_unknown = False  # and that has been said


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
        self.title_shown = ""
        self.title_drawn_at = 0.0
        self.text_source = ""
        self.hotkey = None
        self.profile = self.profile_before = ObsHost().profile()
        self.stopped = False  # since the last start
        self.stop_code = 0  # of the stream's output; None as long as it hasn't said


def _obstacle():
    """One sentence on why the script can't run here, or None."""
    global _complete
    sentence = None if _complete else _lacking()
    if sentence is not None:
        return sentence
    _complete = True
    owner = _owner()
    if owner is not None and owner is not _session:
        from velora_core.messages import message

        return message("panel.second_copy", path=owner.path)
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

    if _is_another_file():
        sentence = (
            "OBS was started in {}, and so has loaded the velora_obs.py there instead of the one "
            "in your list of scripts: start OBS from another folder."
        )
        return sentence.format(os.getcwd())
    folder = _find_parts()
    if find_spec("velora_core") is None:
        return (
            "Velora for OBS is not complete: put the folder velora_core beside velora_obs.py, "
            "then reload this script."
        )
    from velora_core.messages import message

    for name in DEPENDENCIES:
        if find_spec(name) is None:
            names = " ".join(DEPENDENCIES)
            return message("error.dependency", name=name, folder=folder, names=names)
    return None


def _is_another_file():
    """OBS imports by name, and its Python looks into the folder that OBS was started in first."""
    listed = script_path()  # noqa: F821
    try:
        here = os.getcwd()
        loaded = os.path.dirname(os.path.abspath(__file__))
        return os.path.samefile(loaded, here) and not os.path.samefile(loaded, listed)
    except OSError:
        return False


def _find_parts():
    """Has Python find the core and the dependencies; returns the folder for the latter."""
    here = script_path()  # noqa: F821
    if PARTS:
        # After an update there may still be the folder of the version before.
        old = os.path.join(here, "velora-")
        sys.path[:] = [one for one in sys.path if not one.startswith(old)]
        sys.path.insert(0, os.path.join(here, PARTS))
    folder = os.path.join(here, PARTS, DEPENDENCY_FOLDER)
    if os.path.isdir(folder) and folder not in sys.path:
        sys.path.append(folder)  # last: what other scripts rely on goes first
    if "" in sys.path:
        # What lies about where OBS was started must not stand in for a package.
        sys.path[:] = [*(one for one in sys.path if one), ""]
    return folder


class ObsHost:
    """OBS as `velora_core.host.host.Host` describes it."""

    def service(self):
        from velora_core.host.service import Service

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
        from velora_core.host.service import AudioEncoders

        if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP either
            return AudioEncoders("", "")
        config = obs.obs_frontend_get_profile_config()
        return AudioEncoders(
            *(obs.config_get_string(config, *where) or "" for where in _AUDIO_ENCODERS)
        )

    def change_service(self, settings):
        data = obs.obs_data_create_from_json(json.dumps(dict(settings)))
        obs.obs_service_update(obs.obs_frontend_get_streaming_service(), data)
        obs.obs_data_release(data)

    def profile(self):
        from velora_core.host.host import HostProfile

        name = obs.obs_frontend_get_current_profile()
        folder = _profile_folder()
        if not folder:
            return HostProfile(name, name)
        return HostProfile(folder, name, os.path.dirname(folder) == _native_profiles())

    def profile_folder(self):
        return _profile_folder()

    def connected_account(self):
        if not hasattr(obs, "config_get_string"):  # OBS 29
            return None
        return obs.config_get_string(obs.obs_frontend_get_profile_config(), "Auth", "Type") or ""

    def memory(self):
        if getattr(obs, _MEMORY, None) is None:
            setattr(obs, _MEMORY, {})
        return getattr(obs, _MEMORY)

    def streaming(self):
        return obs.obs_frontend_streaming_active()

    def has_whip(self):
        service = obs.obs_service_get_display_name("whip_custom")
        return service is not None and obs.obs_output_get_display_name("whip_output") is not None

    def fill_in(self, title, category, tags):
        settings = _session.settings
        obs.obs_data_set_string(settings, "title", title)
        obs.obs_data_set_string(settings, "category", category)
        _show_category(_session)
        if tags is not None:
            array = obs.obs_data_array_create()
            for tag in tags:
                item = obs.obs_data_create()
                obs.obs_data_set_string(item, "value", tag)
                obs.obs_data_array_push_back(array, item)
                obs.obs_data_release(item)
            obs.obs_data_set_array(settings, "tags", array)
            obs.obs_data_array_release(array)

    def note_tags(self, on_velora):
        obs.obs_data_set_bool(_session.settings, "tags_on_velora", on_velora)

    def text(self, source):
        found = _text_source(source)
        if found is None:
            return None
        data = obs.obs_source_get_settings(found)
        text = obs.obs_data_get_string(data, "text")
        obs.obs_data_release(data)
        obs.obs_source_release(found)
        return text

    def set_text(self, source, text):
        found = _text_source(source)
        if found is not None:
            data = obs.obs_data_create()
            obs.obs_data_set_string(data, "text", text)
            obs.obs_source_update(found, data)
            obs.obs_data_release(data)
            obs.obs_source_release(found)

    def covered(self):
        from velora_core.features.text_overlay import ReplacedText

        kept = _dictionary(_session.settings, "covered_texts")
        pairs = {name: pair for name, pair in kept.items() if _two_texts(pair)}
        return {name: ReplacedText(*pair) for name, pair in pairs.items()}

    def save_replaced_texts(self, covered):
        # In the scene collection, as the sources are: what is kept fits what is in them.
        texts = {name: list(pair) for name, pair in covered.items()}
        obs.obs_data_set_string(_session.settings, "covered_texts", json.dumps(texts))

    def log(self, severity, sentence):
        from velora_core.host.host import LogLevel

        loud = severity is LogLevel.WARNING
        obs.script_log(obs.LOG_WARNING if loud else obs.LOG_INFO, sentence)

    def wake(self):
        # Returns at once on any thread; OBS then calls script_save on its UI thread.
        obs.obs_frontend_save()


def _profile_folder():
    """Of the present profile, written in one way only; empty where OBS doesn't say.

    obspython has no function for it (measured, 29 to 32), and OBS's own returns memory that has to
    be given back to OBS.
    """
    global _place_unknown
    try:
        get, free = _place_functions()
        at = get()
    except (ImportError, OSError, AttributeError):
        at = None
    if not at:
        if not _place_unknown:
            from velora_core.messages import message

            sentence = message("log.profile_unplaced")
            obs.script_log(obs.LOG_INFO, message("log.prefix", sentence=sentence))
        _place_unknown = True
        return ""
    import ctypes

    folder = ctypes.string_at(at).decode("utf-8", "replace")
    free(at)
    # A portable OBS on Windows says "../../config/…".
    return os.path.normcase(os.path.abspath(folder))


def _place_functions():
    """OBS's function for the present profile's folder, and the one to free what it returns."""
    global _places
    if _places is None:
        import ctypes

        def library(name):
            if sys.platform != "win32":
                return ctypes.PyDLL(None)
            find = ctypes.windll.kernel32.GetModuleHandleW
            find.restype = ctypes.c_void_p
            return ctypes.PyDLL(name, handle=find(ctypes.c_wchar_p(name)))

        get = library("obs-frontend-api.dll").obs_frontend_get_current_profile_path
        get.restype = ctypes.c_void_p
        free = library("obs.dll").bfree
        free.argtypes, free.restype = [ctypes.c_void_p], None
        _places = (get, free)
    return _places


def _native_profiles():
    """Where this user's OBS keeps its profiles if it isn't a portable one."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Application Support")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.normcase(os.path.abspath(os.path.join(base, "obs-studio", "basic", "profiles")))


def _text_source(name):
    """A text source with a reference, or None when there is none of that name."""
    source = obs.obs_get_source_by_name(name)
    if source is None:
        return None
    if obs.obs_source_get_unversioned_id(source) in _TEXT_SOURCES:
        return source
    obs.obs_source_release(source)
    return None


def _text_source_names():
    sources = obs.obs_enum_sources() or []
    names = [
        obs.obs_source_get_name(one)
        for one in sources
        if obs.obs_source_get_unversioned_id(one) in _TEXT_SOURCES
    ]
    obs.source_list_release(sources)
    return sorted(names)


def _dictionary(settings, field):
    """A setting that holds JSON, which somebody may have damaged."""
    try:
        found = json.loads(obs.obs_data_get_string(settings, field) or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _two_texts(pair):
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) for one in pair)


_TEXT_SOURCES = ("text_gdiplus", "text_ft2_source")

_AUDIO_ENCODERS = (("SimpleOutput", "StreamAudioEncoder"), ("AdvOut", "AudioEncoder"))


_NEEDED_SCOPES = (
    ("configure", "stream:key"),
    ("use_my_key", "stream:key"),
    ("regenerate", "stream:key"),
    ("update_now", "stream:write"),
    ("load", "stream:read"),
)

_HOTKEY = "velora_update_now"

# Of OBS's obs-defs.h; obspython doesn't have them.
_OUTPUT_CONNECT_FAILED = -2
_OUTPUT_INVALID_STREAM = -3

_RUSH = 0.05  # seconds between two letters

# A view with more entries than this takes too long to be built anew at each letter of the title.
_MANY_CATEGORIES = 300


# -- OBS's hooks -------------------------------------------------------------------------------


def script_description():
    if sys.version_info < OLDEST_PYTHON or _obstacle() is not None:
        return "<b>Velora for OBS</b>"
    from velora_core.messages import message

    return message("panel.description")


def script_defaults(settings):
    if _obstacle() is not None:
        return
    from velora_core.app.state import StreamSettings

    defaults = StreamSettings()
    obs.obs_data_set_default_string(settings, "protocol", defaults.protocol)
    obs.obs_data_set_default_bool(settings, "update_on_start", defaults.update_on_start)
    obs.obs_data_set_default_int(settings, "redirect_port", defaults.redirect_port)
    obs.obs_data_set_default_int(settings, "live_interval", defaults.live_interval)


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
    from velora_core.application import Application

    _session = session = _Session(settings)
    session.app = Application(
        ObsHost(),
        preset_folder=script_path(),  # noqa: F821
        application="velora-obs/" + __version__,
        pending_update=_take_unsent(),
    )
    setattr(obs, _SLOT, session)
    _show_category(session)
    _show_template(session)
    obs.obs_frontend_add_event_callback(on_event)
    signals = obs.obs_get_signal_handler()
    obs.signal_handler_connect(signals, "source_rename", on_source_renamed)
    from velora_core.messages import message

    session.hotkey = obs.obs_hotkey_register_frontend(
        _HOTKEY, message("hotkey.update_now"), on_hotkey
    )
    keys = obs.obs_data_get_array(settings, _HOTKEY)
    obs.obs_hotkey_load(session.hotkey, keys)
    obs.obs_data_array_release(keys)


def script_unload():
    global _session
    sys.modules[__name__] = _this_module  # where "Reload" looks for it
    if _session:
        pending_update = _session.app.pending_update
        if pending_update:
            setattr(obs, _PENDING_UPDATE, (pending_update, time.monotonic(), _frames_sent()))
        _session.app.close()
        _show_sign_in_address(_session)  # none any more
        _drop_audio_encoder()
        setattr(obs, _SLOT, None)
        _session = None


def _take_unsent():
    """What a copy that is gone has not sent to the stream that still runs, or None."""
    left = getattr(obs, _PENDING_UPDATE, None)
    setattr(obs, _PENDING_UPDATE, None)
    if left is None:
        return None
    pending_update, at, frames = left
    # The count begins anew with each stream.
    same = time.monotonic() - at < _UNSENT_LIFE and _frames_sent() >= frames
    return pending_update if same else None


def _frames_sent():
    """Of the stream that runs; while one connects, the count is still the last one's."""
    if not obs.obs_frontend_streaming_active():
        return 0
    output = obs.obs_frontend_get_streaming_output()
    if output is None:
        return 0
    frames = obs.obs_output_get_total_frames(output)
    obs.obs_output_release(output)
    return frames


def script_update(settings):
    if _session:
        _read(_session, settings)


def _read(session, settings):
    """Takes what the fields hold; called at every keystroke."""
    from velora_core.app.state import StreamSettings

    for field in _SECRET_FIELDS:
        if obs.obs_data_has_user_value(settings, field):
            text = obs.obs_data_get_string(settings, field)
            obs.obs_data_erase(settings, field)
            session.app.entered(field, text)
    typed = obs.obs_data_get_string(settings, "category_entry")
    if typed != session.category_shown:
        session.category_shown = typed
        obs.obs_data_set_string(settings, "category", session.app.category_entered(typed))
    _keep_template(session)
    session.app.settings = StreamSettings(
        title=obs.obs_data_get_string(settings, "title"),
        category=obs.obs_data_get_string(settings, "category"),
        tags=_tags(settings),
        clear_tags=_tags_were_emptied(settings),
        protocol=obs.obs_data_get_string(settings, "protocol"),
        update_on_start=obs.obs_data_get_bool(settings, "update_on_start"),
        redirect_port=obs.obs_data_get_int(settings, "redirect_port"),
        live_interval=obs.obs_data_get_int(settings, "live_interval"),
        texts=_templates(settings),
    )


def script_save(settings):  # noqa: ARG001
    if _session:
        _session.app.process_ui_queue()
        _show_sign_in_address(_session)
        _save_hotkey(_session)


def _save_hotkey(session):
    keys = obs.obs_hotkey_save(session.hotkey)
    if keys is None:  # gone already: OBS takes hotkeys away before it unloads a script
        return
    obs.obs_data_set_array(session.settings, _HOTKEY, keys)
    obs.obs_data_array_release(keys)


def on_hotkey(pressed):
    """On a thread of OBS's own."""
    session = _session
    if pressed and session:
        session.app.soon(session.app.update_now)


def on_event(event):
    if not _session:
        return
    app = _session.app
    if event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTING:
        _fit_audio_encoder()
        _watch_output()
        app.stream_starting()
    elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STARTED:
        app.stream_started()
    elif event == obs.OBS_FRONTEND_EVENT_STREAMING_STOPPED:
        app.stream_stopped(None)
        _session.stopped = True
        _tell_how_it_ended()
    elif event == obs.OBS_FRONTEND_EVENT_PROFILE_CHANGED:
        _session.profile_before, _session.profile = _session.profile, ObsHost().profile()
        app.profile_changed()
    elif event == obs.OBS_FRONTEND_EVENT_PROFILE_RENAMED:
        _profile_renamed(_session)
    elif event in (
        obs.OBS_FRONTEND_EVENT_FINISHED_LOADING,
        obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED,
    ):
        app.scenes_loaded()
    elif event == obs.OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGING:
        app.scenes_unloading()
    elif event == obs.OBS_FRONTEND_EVENT_EXIT:
        app.close()
    app.process_ui_queue()


def _profile_renamed(session):
    """OBS copies the profile into a new folder and deletes the old one. From 31 on it says before
    that the profile has changed; 29 and 30 don't (measured)."""
    before, now = session.profile, ObsHost().profile()
    if before.id == now.id:
        before = session.profile_before
    session.profile = session.profile_before = now
    if before.id != now.id and before.name not in obs.obs_frontend_get_profiles():
        session.app.profile_renamed(before)


def _fit_audio_encoder():
    """Has the stream's audio encoded as the profile says, and as the protocol can carry it.

    OBS makes its audio encoders when it starts and when the profile is changed or set up by hand,
    and nothing has it do that for a script. Without this, a stream after a change from or to WHIP
    would go out with the encoder of before: AAC announced as Opus, which is noise, or Opus where
    AAC is expected; and OBS would not mention it (measured, 30 and 32).
    """
    _drop_audio_encoder()
    if not hasattr(obs, "config_get_string"):  # OBS 29, which has no WHIP
        return
    output = obs.obs_frontend_get_streaming_output()
    if output is None:
        return
    present = obs.obs_output_get_audio_encoder(output, 0)  # borrowed
    codecs = obs.obs_output_get_supported_audio_codecs(output)
    if present is not None and codecs:
        kind, track = _audio_encoder_in_profile()
        if obs.obs_get_encoder_codec(kind) not in codecs.split(";"):
            kind = "ffmpeg_" + codecs.split(";")[0]
        if obs.obs_encoder_get_codec(present) != obs.obs_get_encoder_codec(kind):
            made = _audio_encoder_like(present, kind, track)
            if made is not None:
                obs.obs_output_set_audio_encoder(output, made, 0)
                setattr(obs, _ENCODER, made)
                if obs.obs_get_version() >> 24 >= 31:  # whose outputs hold their encoders
                    _drop_audio_encoder()
    obs.obs_output_release(output)


def _audio_encoder_in_profile():
    """Its id, and the number of the track that it encodes."""
    config = obs.obs_frontend_get_profile_config()
    simple, advanced = ObsHost().audio_encoders()
    if obs.config_get_string(config, "Output", "Mode") == "Advanced":
        return advanced, obs.config_get_int(config, "AdvOut", "TrackIndex") - 1
    return "ffmpeg_" + simple, 0


def _audio_encoder_like(other, kind, track):
    """A new one of another kind, with the same bit rate; None where OBS has no such kind."""
    before = obs.obs_encoder_get_settings(other)
    data = obs.obs_data_create()
    obs.obs_data_set_int(data, "bitrate", obs.obs_data_get_int(before, "bitrate"))
    made = obs.obs_audio_encoder_create(kind, "velora_stream_audio", data, track, None)
    obs.obs_data_release(data)
    obs.obs_data_release(before)
    if made is not None:
        obs.obs_encoder_set_audio(made, obs.obs_get_audio())
    return made


def _drop_audio_encoder():
    """Lets go of the encoder that was made, unless it still works and OBS would crash (30 does):
    then the next copy of this script does."""
    encoder = getattr(obs, _ENCODER, None)
    if encoder is not None and (
        obs.obs_get_version() >> 24 >= 31 or not obs.obs_encoder_active(encoder)
    ):
        setattr(obs, _ENCODER, None)
        obs.obs_encoder_release(encoder)


def _watch_output():
    """Has OBS say how the stream ends; the event for it doesn't."""
    _session.stopped = False
    _session.stop_code = 0
    output = obs.obs_frontend_get_streaming_output()
    if output is None:
        return
    _session.stop_code = None
    signals = obs.obs_output_get_signal_handler(output)
    # The output may be the last stream's, which would call twice.
    obs.signal_handler_disconnect(signals, "stop", on_output_stop)
    obs.signal_handler_connect(signals, "stop", on_output_stop)
    obs.obs_output_release(output)


def on_output_stop(data):
    """On the output's own thread, before OBS's event for it or after that."""
    session = _session
    if session:
        session.stop_code = obs.calldata_int(data, "code")
        session.app.soon(_tell_how_it_ended)


def _tell_how_it_ended():
    """Once both the event and the output's signal have come."""
    session = _session
    if not session or not session.stopped or session.stop_code is None:
        return
    from velora_core.host.host import EndReason

    ends = {
        _OUTPUT_INVALID_STREAM: EndReason.REFUSED,
        _OUTPUT_CONNECT_FAILED: EndReason.UNREACHABLE,
    }
    session.stopped = False
    session.app.stream_ended(ends.get(session.stop_code, EndReason.NORMAL))


# -- text sources that get another name --------------------------------------------------------


def on_source_renamed(data):
    """On whichever thread renames it."""
    session = _session
    if session:
        before = obs.calldata_string(data, "prev_name")
        after = obs.calldata_string(data, "new_name")
        session.app.soon(lambda: _follow_source(before, after))


def _follow_source(before, after):
    session = _session
    if not session or not before or not after or before == after:
        return
    settings = session.settings
    templates = _templates(settings)
    if before in templates:
        templates[after] = templates.pop(before)
        obs.obs_data_set_string(settings, "text_templates", json.dumps(templates))
    session.app.source_renamed(before, after)  # what is kept of it, too
    if session.text_source == before:
        session.text_source = after
        obs.obs_data_set_string(settings, "text_source", after)
    _read(session, settings)


# -- the panel ---------------------------------------------------------------------------------


def script_properties():
    props = obs.obs_properties_create()
    session = _session
    if not session:
        sentence = _obstacle() or "Velora for OBS could not start: reload this script."
        status = obs.obs_properties_add_text(props, "status", sentence, obs.OBS_TEXT_INFO)
        obs.obs_property_text_set_info_type(status, obs.OBS_TEXT_INFO_ERROR)
        return props
    from velora_core.messages import message

    session.app.panel_opened()
    obs.obs_properties_add_text(props, "status", "", obs.OBS_TEXT_INFO)

    # A group with a labelled field has a column for labels, which takes the buttons' room: in a
    # Scripts window of OBS's own size the panel is under 300 pixels wide.
    account = _group(props, "account")
    obs.obs_properties_add_text(account, "account_line", "", obs.OBS_TEXT_INFO)
    obs.obs_properties_add_text(account, "register", message("panel.register"), obs.OBS_TEXT_INFO)
    _button(account, "sign_in", on_sign_in)
    _button(account, "sign_out", on_sign_out)
    _button(account, "check", on_check)

    _text(_group(props, "browser"), "sign_in_address")

    app = _group(props, "app")
    _text(app, "redirect_address")
    _text(app, "client_id")
    _text(app, "client_secret", obs.OBS_TEXT_PASSWORD)
    port = _number(app, "redirect_port", 1024, 65535)
    obs.obs_property_set_modified_callback(port, on_port_changed)

    token = _group(props, "token")
    _text(token, "access_token", obs.OBS_TEXT_PASSWORD)

    setup = _group(props, "setup")
    protocol = _list(setup, "protocol", "protocol", obs.OBS_COMBO_TYPE_LIST)
    for name in session.app.protocols:
        obs.obs_property_list_add_string(protocol, name.upper(), name)
    _button(setup, "configure", on_configure)

    info = _group(props, "info")
    title = _text(info, "title")
    obs.obs_property_set_modified_callback(title, on_title_changed)
    obs.obs_properties_add_text(info, "title_count", "", obs.OBS_TEXT_INFO)
    _list(info, "category_entry", "category", obs.OBS_COMBO_TYPE_EDITABLE)
    tags = obs.obs_properties_add_editable_list(
        info, "tags", message("panel.tags"), obs.OBS_EDITABLE_LIST_TYPE_STRINGS, None, None
    )
    _help(tags, "tags")
    # No help: the icon for it would hide the end of the caption.
    obs.obs_properties_add_bool(info, "update_on_start", message("panel.update_on_start"))
    _button(info, "update_now", on_update_now)
    _button(info, "load", on_load)
    _button(info, "refresh", on_refresh)

    live = _group(props, "live")
    obs.obs_properties_add_text(live, "live_line", "", obs.OBS_TEXT_INFO)
    shortest, longest = session.app.live_intervals
    _number(live, "live_interval", shortest, longest)
    source = _list(live, "text_source", "text_source", obs.OBS_COMBO_TYPE_LIST)
    obs.obs_property_set_modified_callback(source, on_text_source_chosen)
    _text(live, "text_template")

    key = _group(props, "key")
    obs.obs_properties_add_text(key, "key_question", "", obs.OBS_TEXT_INFO)
    _button(key, "use_my_key", on_use_my_key)
    _button(key, "keep_this_key", on_keep_this_key)
    _button(key, "regenerate", on_ask_regenerate)
    _button(key, "regenerate_yes", on_regenerate)
    _button(key, "regenerate_no", on_keep_key)
    obs.obs_properties_add_text(key, "previous", "", obs.OBS_TEXT_INFO)
    _button(key, "restore", on_restore)
    _draw(session, props)
    return props


def _help(prop, name):
    from velora_core.messages import message

    obs.obs_property_set_long_description(prop, message("panel." + name + "_help"))


def _group(props, name):
    from velora_core.messages import message

    group = obs.obs_properties_create()
    title = message("panel." + name)
    obs.obs_properties_add_group(props, "group_" + name, title, obs.OBS_GROUP_NORMAL, group)
    return group


def _text(props, name, kind=obs.OBS_TEXT_DEFAULT):
    from velora_core.messages import message

    prop = obs.obs_properties_add_text(props, name, message("panel." + name), kind)
    _help(prop, name)
    return prop


def _number(props, name, least, most):
    from velora_core.messages import message

    prop = obs.obs_properties_add_int(props, name, message("panel." + name), least, most, 1)
    _help(prop, name)
    return prop


def _list(props, key, name, kind):
    from velora_core.messages import message

    prop = obs.obs_properties_add_list(
        props, key, message("panel." + name), kind, obs.OBS_COMBO_FORMAT_STRING
    )
    _help(prop, name)
    return prop


def _button(props, name, pressed):
    from velora_core.messages import message

    prop = obs.obs_properties_add_button(props, name, message("button." + name), pressed)
    if name != "restore":  # whose help depends on what there is to restore
        _help(prop, name)


def _draw(session, props):
    """Brings the panel up to date with the application's state."""
    from velora_core.app.account import TokenOrigin
    from velora_core.app.state import StatusLevel
    from velora_core.messages import escape_label, message, shorten

    def prop(name):
        return obs.obs_properties_get(props, name)

    def show(names, wanted):
        for name in names:
            obs.obs_property_set_visible(prop(name), wanted)

    state = session.app.drawn()
    account = state.account
    obs.obs_property_set_description(prop("status"), escape_label(state.status))
    kinds = {
        StatusLevel.WARNING: obs.OBS_TEXT_INFO_WARNING,
        StatusLevel.ERROR: obs.OBS_TEXT_INFO_ERROR,
    }
    kind = kinds.get(state.tone, obs.OBS_TEXT_INFO_NORMAL)
    obs.obs_property_text_set_info_type(prop("status"), kind)

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
    _show_redirect_address(session)
    show(["group_browser"], bool(_show_sign_in_address(session)))

    show(["key_question", "use_my_key", "keep_this_key"], session.app.asking)
    question = obs.OBS_TEXT_INFO_WARNING
    obs.obs_property_set_description(
        prop("key_question"), escape_label(message("status.key_asked"))
    )
    obs.obs_property_text_set_info_type(prop("key_question"), question)
    show(["regenerate"], not state.confirming)
    show(["regenerate_yes", "regenerate_no"], state.confirming)
    for name, scope in _NEEDED_SCOPES:
        obstacle = account.obstacle(scope)
        obs.obs_property_set_enabled(prop(name), obstacle is None)
        help_text = obstacle or message("panel." + name + "_help")
        obs.obs_property_set_long_description(prop(name), help_text)

    category = prop("category_entry")
    obs.obs_property_list_clear(category)
    for name in session.app.category_names:
        # An editable list shows and stores the same text; script_update turns it into the slug.
        obs.obs_property_list_add_string(category, name, name)
    _show_category(session)

    previous = session.app.previous
    show(["restore", "previous"], previous is not None)
    if previous is not None:
        sentence = session.app.previous_sentence
        obs.obs_property_set_description(prop("previous"), escape_label(sentence))
        description = message("panel.restore_help", service=previous)
        obs.obs_property_set_long_description(prop("restore"), description)
    _draw_title_count(session, prop)
    obs.obs_property_set_description(prop("live_line"), escape_label(session.app.live_summary))
    source = prop("text_source")
    obs.obs_property_list_clear(source)
    obs.obs_property_list_add_string(source, message("panel.no_text_source"), "")
    for name in _text_source_names():
        obs.obs_property_list_add_string(source, shorten(name), name)
    show(["text_template"], bool(session.text_source))


def _draw_title_count(session, prop):
    from velora_core.api.validation import title_count, too_long

    title = obs.obs_data_get_string(session.settings, "title")
    session.title_shown = title
    count = title_count(title)
    obs.obs_property_set_visible(prop("title_count"), bool(count))
    obs.obs_property_set_description(prop("title_count"), count)
    kind = obs.OBS_TEXT_INFO_ERROR if too_long(title) else obs.OBS_TEXT_INFO_NORMAL
    obs.obs_property_text_set_info_type(prop("title_count"), kind)


def _show_redirect_address(session):
    """A field, because what is in a field can be copied."""
    address = session.app.redirect_address
    obs.obs_data_set_string(session.settings, "redirect_address", address)


def _show_sign_in_address(session):
    """As a default value, which OBS shows and never saves; returns it."""
    address = session.app.sign_in_address
    obs.obs_data_unset_user_value(session.settings, "sign_in_address")  # somebody typed in it
    obs.obs_data_set_default_string(session.settings, "sign_in_address", address)
    return address


def _show_category(session):
    """Puts the name of the category that is set into the field for it."""
    slug = obs.obs_data_get_string(session.settings, "category")
    session.category_shown = session.app.category_shown(slug)
    obs.obs_data_set_string(session.settings, "category_entry", session.category_shown)


def _templates(settings):
    """By text source, what it is to show."""
    found = _dictionary(settings, "text_templates")
    return {name: text for name, text in found.items() if isinstance(text, str) and text}


def _show_template(session):
    """Puts the chosen source's template into the field for it."""
    session.text_source = obs.obs_data_get_string(session.settings, "text_source")
    template = _templates(session.settings).get(session.text_source, "")
    obs.obs_data_set_string(session.settings, "text_template", template)


def _keep_template(session):
    """Takes what the field for the chosen source's template holds."""
    settings = session.settings
    if obs.obs_data_get_string(settings, "text_source") != session.text_source:
        _show_template(session)
    if not session.text_source:
        return
    templates = _templates(settings)
    template = obs.obs_data_get_string(settings, "text_template")
    if templates.get(session.text_source, "") != template:
        templates[session.text_source] = template
        kept = {name: text for name, text in templates.items() if text}
        obs.obs_data_set_string(settings, "text_templates", json.dumps(kept))


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


def _tags_were_emptied(settings):
    """Whether tags were taken out of the field that Velora has, too."""
    known = obs.obs_data_get_bool(settings, "tags_on_velora")
    return known and not any(tag.strip() for tag in _tags(settings))


def on_port_changed(props, prop, settings):  # noqa: ARG001
    if _session:
        # Not the given settings: upon "Reload" OBS calls this with empty ones.
        _read(_session, _session.settings)
        _show_redirect_address(_session)
    return False  # or the field would lose the focus while somebody types in it


def on_text_source_chosen(props, prop, settings):  # noqa: ARG001
    if not _session:
        return False
    _show_template(_session)
    template = obs.obs_properties_get(props, "text_template")
    obs.obs_property_set_visible(template, bool(_session.text_source))
    return True


def on_title_changed(props, prop, settings):  # noqa: ARG001
    """At every keystroke. True has OBS build the view anew, for the count below the title: the
    field gets the focus back, but its cursor goes to the end, and two letters in one turn of OBS's
    event loop would lose the focus. So neither happens in the middle of a text nor in a rush.
    """
    session = _session
    if not session:
        return False
    title = obs.obs_data_get_string(session.settings, "title")
    before = session.title_shown
    at_the_end = title.startswith(before) or before.startswith(title)
    whole = at_the_end or abs(len(title) - len(before)) > 1  # pasted, cut
    now = time.monotonic()
    calm = now - session.title_drawn_at > _RUSH
    many = len(session.app.state.categories) > _MANY_CATEGORIES
    if title == before or not (whole and calm) or many:
        return False
    session.title_drawn_at = now
    _draw_title_count(session, lambda name: obs.obs_properties_get(props, name))
    return True


def on_sign_in(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.sign_in())


def on_sign_out(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.sign_out())


def on_configure(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.configure())


def on_update_now(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.update_now())


def on_check(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.check())


def on_load(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.load())


def on_refresh(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.refresh())


def on_ask_regenerate(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.request_new_key())


def on_regenerate(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.regenerate())


def on_keep_key(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.cancel_new_key())


def on_use_my_key(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.use_my_key())


def on_keep_this_key(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.keep_this_key())


def on_restore(props, prop):  # noqa: ARG001
    return _press(props, lambda app: app.restore_previous())
