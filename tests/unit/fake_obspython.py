"""Just enough of obspython for the script: data objects, properties and the frontend.

References are counted: what is handed over with one has to be given back.
"""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

__all__ = ["Data", "FakeObs", "Source"]


class Data:
    """An obs_data_t."""

    def __init__(self, values: dict[str, Any] | None = None) -> None:
        self.values = dict(values or {})
        self.defaults: dict[str, Any] = {}

    def get(self, name: str, missing: Any) -> Any:
        return self.values.get(name, self.defaults.get(name, missing))


class Property:
    """An obs_property_t."""

    def __init__(self, name: str, text: str, kind: str, callback: Any = None) -> None:
        self.name, self.text, self.kind, self.callback = name, text, kind, callback
        self.help: str | None = None
        self.info: int | None = None
        self.visible = self.enabled = True
        self.items: list[tuple[str, str]] = []
        self.content: Properties | None = None
        self.modified: Any = None


class Properties(list[Property]):
    """An obs_properties_t."""

    def find(self, name: str) -> Property | Any:
        """Return it, wherever it is, or None."""
        for one in self:
            found = one if one.name == name else one.content and one.content.find(name)
            if found:
                return found
        return None


class Source:
    """An obs_source_t."""

    def __init__(self, name: str, kind: str, **settings: Any) -> None:
        self.name, self.kind, self.settings = name, kind, Data(settings)
        self.updates = 0


class Encoder:
    """An obs_encoder_t."""

    def __init__(self, kind: str, bitrate: int = 160, track: int = 0) -> None:
        self.kind, self.settings, self.track = kind, Data({"bitrate": bitrate}), track
        self.has_audio = False
        self.active = False
        self.updates = 0


class Frontend:
    """OBS's state."""

    def __init__(self) -> None:
        self.profile = "Main"
        self.scene: Source | None = Source("Scene", "scene")
        self.profile_folder: str | None = "/home/somebody/obs-studio/basic/profiles/Main"
        self.other_profiles = ["Other"]
        self.service_kind = "rtmp_common"
        self.service = Data({"server": "rtmp://other.test/app", "key": "live_test_other"})
        self.saved_services = 0
        self.live = False
        self.whip = True
        self.config = {("SimpleOutput", "StreamAudioEncoder"): "aac"}
        self.config_saves = 0
        self.saves = 0
        self.log: list[tuple[int, str]] = []
        self.callbacks: list[Callable[[int], None]] = []
        self.hotkeys: list[tuple[str, str, Any] | None] = []
        self.keys: dict[str, list[dict[str, Any]]] = {}
        self.has_output = True
        self.frames = 0
        self.audio_codecs: str | None = "aac"
        self.audio_encoder: Encoder | None = Encoder("CoreAudio_AAC")
        self.encoders: dict[str, Encoder] = {}  # of video, by OBS's name for it
        self.video_encoder: Encoder | None = None
        self.on_stop: list[Any] = []
        self.on_rename: list[Any] = []
        self.sources: dict[str, Source] = {}


class _Function:
    """A C function, as `ctypes` shows it."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self.restype = self.argtypes = None
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        return self._call(*arguments)


class Library:
    """OBS's own functions, which `obspython` doesn't have."""

    def __init__(self, obs: FakeObs) -> None:
        self._memory: dict[int, Any] = {}
        self._obs = obs
        self.obs_frontend_get_current_profile_path = _Function(self._path)
        self.bfree = _Function(self._free)

    def _path(self) -> int | None:
        folder = self._obs.frontend.profile_folder
        if folder is None:
            return None
        memory = ctypes.create_string_buffer(folder.encode())
        self._memory[ctypes.addressof(memory)] = memory
        self._obs.references += 1
        return ctypes.addressof(memory)

    def _free(self, address: int) -> None:
        del self._memory[address]
        self._obs.references -= 1


class FakeObs(ModuleType):
    """The module; `frontend` is the OBS behind it."""

    LOG_WARNING, LOG_INFO = 200, 300
    OBS_PATH_FILE, OBS_PATH_FILE_SAVE = 0, 1
    OBS_TEXT_DEFAULT, OBS_TEXT_PASSWORD, OBS_TEXT_INFO = 0, 1, 3
    OBS_TEXT_INFO_NORMAL, OBS_TEXT_INFO_WARNING, OBS_TEXT_INFO_ERROR = 0, 1, 2
    OBS_COMBO_TYPE_EDITABLE, OBS_COMBO_TYPE_LIST, OBS_COMBO_FORMAT_STRING = 1, 2, 3
    OBS_EDITABLE_LIST_TYPE_STRINGS = OBS_GROUP_NORMAL = 0
    OBS_FRONTEND_EVENT_STREAMING_STARTING, OBS_FRONTEND_EVENT_STREAMING_STARTED = 0, 1
    OBS_FRONTEND_EVENT_STREAMING_STOPPED, OBS_FRONTEND_EVENT_PROFILE_CHANGED = 3, 14
    OBS_FRONTEND_EVENT_PROFILE_RENAMED = 37
    OBS_FRONTEND_EVENT_EXIT, OBS_FRONTEND_EVENT_FINISHED_LOADING = 17, 26
    OBS_FRONTEND_EVENT_SCENE_CHANGED = 8
    OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED = 11
    OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGING = 35

    def __init__(self) -> None:
        super().__init__("obspython")
        self.frontend = Frontend()
        self.references = 0
        self.library = Library(self)
        self.version = 30

    # obs_data

    def obs_data_get_string(self, data: Data, name: str) -> str:
        return str(data.get(name, ""))

    def obs_data_get_bool(self, data: Data, name: str) -> bool:
        return bool(data.get(name, False))

    def obs_data_set_bool(self, data: Data, name: str, value: bool) -> None:
        data.values[name] = value

    def obs_data_get_int(self, data: Data, name: str) -> int:
        return int(data.get(name, 0))

    def obs_data_set_string(self, data: Data, name: str, value: str) -> None:
        data.values[name] = value

    def obs_data_set_default_string(self, data: Data, name: str, value: str) -> None:
        data.defaults[name] = value

    obs_data_set_int = obs_data_set_string

    obs_data_set_default_bool = obs_data_set_default_int = obs_data_set_default_string

    def obs_data_has_user_value(self, data: Data, name: str) -> bool:
        return name in data.values

    def obs_data_has_default_value(self, data: Data, name: str) -> bool:
        return name in data.defaults

    def obs_data_unset_user_value(self, data: Data, name: str) -> None:
        data.values.pop(name, None)

    def obs_data_erase(self, data: Data, name: str) -> None:
        data.values.pop(name, None)

    def obs_data_get_json(self, data: Data) -> str:
        return json.dumps(data.values)

    def obs_data_create_from_json(self, text: str) -> Data:
        self.references += 1
        return Data(json.loads(text))

    def obs_data_release(self, data: Data) -> None:
        assert data is not None
        self.references -= 1

    def obs_data_get_array(self, data: Data, name: str) -> list[Data] | None:
        if name not in data.values:
            return None
        self.references += 1
        return [Data(one) for one in data.values[name]]

    def obs_data_array_count(self, array: list[Data] | None) -> int:
        return len(array or [])

    def obs_data_array_item(self, array: list[Data], position: int) -> Data:
        self.references += 1
        return array[position]

    def obs_data_array_release(self, array: list[Data] | None) -> None:
        self.references -= array is not None

    def obs_data_set_array(self, data: Data, name: str, array: list[Data] | None) -> None:
        data.values[name] = [one.values for one in array or []]

    def obs_data_array_create(self) -> list[Data]:
        self.references += 1
        return []

    def obs_data_create(self) -> Data:
        self.references += 1
        return Data()

    def obs_data_array_push_back(self, array: list[Data], item: Data) -> None:
        array.append(item)

    # hotkeys

    def obs_hotkey_register_frontend(self, name: str, text: str, callback: Any) -> int:
        self.frontend.hotkeys.append((name, text, callback))
        return len(self.frontend.hotkeys)

    def obs_hotkey_unregister(self, callback: Any) -> None:
        hotkeys = self.frontend.hotkeys
        place = next(at for at, one in enumerate(hotkeys) if one and one[2] is callback)
        hotkeys[place] = None

    def obs_hotkey_set_description(self, number: int, text: str) -> None:
        name, _, callback = self._hotkey(number)
        self.frontend.hotkeys[number - 1] = (name, text, callback)

    def obs_hotkey_load(self, number: int, keys: list[Data] | None) -> None:
        self.frontend.keys[self._hotkey(number)[0]] = [dict(one.values) for one in keys or []]

    def obs_hotkey_save(self, number: int) -> list[Data]:
        self.references += 1
        return [Data(one) for one in self.frontend.keys[self._hotkey(number)[0]]]

    def _hotkey(self, number: int) -> tuple[str, str, Any]:
        found = self.frontend.hotkeys[number - 1]
        assert found
        return found

    # scenes

    def obs_frontend_get_current_scene(self) -> Source | None:
        self.references += self.frontend.scene is not None
        return self.frontend.scene

    # the output and the sources

    def obs_frontend_get_streaming_output(self) -> Frontend | None:
        self.references += self.frontend.has_output
        return self.frontend if self.frontend.has_output else None

    def obs_output_release(self, output: Frontend) -> None:
        assert output is self.frontend
        self.references -= 1

    def obs_output_get_total_frames(self, output: Frontend) -> int:
        return output.frames

    def obs_output_get_total_bytes(self, output: Frontend) -> int:
        return output.frames * 1000

    def obs_output_get_frames_dropped(self, output: Frontend) -> int:
        return 3

    def obs_output_get_congestion(self, output: Frontend) -> float:
        return 0.25

    def obs_output_reconnecting(self, output: Frontend) -> bool:
        return False

    def obs_output_get_supported_audio_codecs(self, output: Frontend) -> str | None:
        return output.audio_codecs

    def obs_output_get_audio_encoder(self, output: Frontend, number: int) -> Encoder | None:
        assert number == 0
        return output.audio_encoder

    def obs_output_set_audio_encoder(self, output: Frontend, encoder: Encoder, number: int) -> None:
        assert number == 0
        output.audio_encoder = encoder

    def obs_get_encoder_codec(self, kind: str) -> str | None:
        known = {
            "ffmpeg_opus": "opus",
            "ffmpeg_aac": "aac",
            "CoreAudio_AAC": "aac",
            "obs_x264": "h264",
        }
        return known.get(kind)

    def obs_encoder_get_codec(self, encoder: Encoder) -> str | None:
        return self.obs_get_encoder_codec(encoder.kind)

    def obs_encoder_get_settings(self, encoder: Encoder) -> Data:
        self.references += 1
        return encoder.settings

    def obs_audio_encoder_create(
        self, kind: str, name: str, data: Data, track: int, _: None
    ) -> Encoder | None:
        if self.obs_get_encoder_codec(kind) is None:
            return None
        self.references += 1
        return Encoder(kind, data.values["bitrate"], track)

    def obs_encoder_set_audio(self, encoder: Encoder, audio: str) -> None:
        encoder.has_audio = audio == "audio"

    def obs_encoder_active(self, encoder: Encoder) -> bool:
        return self.frontend.live or encoder.active

    def obs_encoder_get_id(self, encoder: Encoder) -> str:
        return encoder.kind

    def obs_encoder_get_ref(self, encoder: Encoder | None) -> Encoder | None:
        self.references += encoder is not None
        return encoder

    def obs_get_encoder_by_name(self, name: str) -> Encoder | None:
        return self.obs_encoder_get_ref(self.frontend.encoders.get(name))

    def obs_encoder_update(self, encoder: Encoder, data: Data) -> None:
        encoder.settings.values.update(data.values)
        encoder.updates += 1

    def obs_output_get_video_encoder(self, output: Frontend) -> Encoder | None:
        return output.video_encoder

    def obs_get_frame_interval_ns(self) -> int:
        return 40_000_000

    def obs_audio_info(self) -> SimpleNamespace:
        return SimpleNamespace(samples_per_sec=0)

    def obs_get_audio_info(self, info: SimpleNamespace) -> bool:
        info.samples_per_sec = 48_000
        return True

    def obs_get_version(self) -> int:
        return self.version << 24

    def obs_get_audio(self) -> str:
        return "audio"

    def obs_encoder_release(self, encoder: Encoder) -> None:
        assert encoder is not None
        self.references -= 1

    def obs_output_get_signal_handler(self, output: Frontend) -> Frontend:
        return output

    def obs_get_signal_handler(self) -> list[Any]:
        return self.frontend.on_rename

    def calldata_string(self, data: dict[str, str], name: str) -> str:
        return data[name]

    def signal_handler_connect(self, signals: Any, name: str, callback: Any) -> None:
        if name == "source_rename":
            signals.append(callback)
            return
        assert name == "stop"
        signals.on_stop.append(callback)

    def signal_handler_disconnect(self, signals: Frontend, name: str, callback: Any) -> None:
        assert name == "stop"
        if callback in signals.on_stop:
            signals.on_stop.remove(callback)

    def calldata_int(self, data: dict[str, int], name: str) -> int:
        return data[name]

    def obs_get_source_by_name(self, name: str) -> Source | None:
        found = self.frontend.sources.get(name)
        self.references += found is not None
        return found

    def obs_enum_sources(self) -> list[Source]:
        sources = list(self.frontend.sources.values())
        self.references += len(sources)
        return sources

    def source_list_release(self, sources: list[Source]) -> None:
        self.references -= len(sources)

    def obs_source_release(self, source: Source) -> None:
        assert source is not None
        self.references -= 1

    def obs_source_get_name(self, source: Source) -> str:
        return source.name

    def obs_source_get_unversioned_id(self, source: Source) -> str:
        return source.kind

    def obs_source_get_settings(self, source: Source) -> Data:
        self.references += 1
        return source.settings

    def obs_source_update(self, source: Source, data: Data) -> None:
        source.settings.values.update(data.values)
        source.updates += 1

    # the service and the profile

    def obs_frontend_get_streaming_service(self) -> Frontend:
        return self.frontend

    def obs_service_get_settings(self, frontend: Frontend) -> Data:
        self.references += 1
        return frontend.service

    def obs_service_get_type(self, frontend: Frontend) -> str:
        return frontend.service_kind

    def obs_service_update(self, frontend: Frontend, data: Data) -> None:
        frontend.service = Data({**frontend.service.values, **data.values})

    def obs_service_create(self, kind: str, name: str, data: Data, _: None) -> tuple[str, Data]:
        assert name == "default_service"
        self.references += 1
        return kind, data

    def obs_service_release(self, service: tuple[str, Data]) -> None:
        self.references -= 1

    def obs_frontend_set_streaming_service(self, service: tuple[str, Data]) -> None:
        self.frontend.service_kind, self.frontend.service = service

    def obs_frontend_save_streaming_service(self) -> None:
        self.frontend.saved_services += 1

    def obs_service_get_display_name(self, kind: str) -> str | None:
        return "WHIP" if self.frontend.whip else None

    obs_output_get_display_name = obs_service_get_display_name

    def obs_frontend_get_current_profile(self) -> str:
        return self.frontend.profile

    def obs_frontend_get_profiles(self) -> list[str]:
        return [self.frontend.profile, *self.frontend.other_profiles]

    def obs_frontend_streaming_active(self) -> bool:
        return self.frontend.live

    def obs_frontend_get_profile_config(self) -> Frontend:
        return self.frontend

    def config_get_string(self, frontend: Frontend, section: str, name: str) -> str | None:
        return frontend.config.get((section, name))

    def config_get_int(self, frontend: Frontend, section: str, name: str) -> int:
        return int(frontend.config.get((section, name), 0))

    def config_get_bool(self, frontend: Frontend, section: str, name: str) -> bool:
        return frontend.config.get((section, name)) == "true"

    def config_set_string(self, frontend: Frontend, section: str, name: str, value: str) -> None:
        frontend.config[section, name] = value

    obs_frontend_get_global_config = obs_frontend_get_profile_config

    def config_save_safe(self, frontend: Frontend, temporary: str, backup: None) -> None:
        frontend.config_saves += 1

    def obs_frontend_save(self) -> None:
        self.frontend.saves += 1

    def obs_frontend_add_event_callback(self, callback: Callable[[int], None]) -> None:
        self.frontend.callbacks.append(callback)

    def script_log(self, level: int, text: str) -> None:
        self.frontend.log.append((level, text))

    # properties

    def obs_properties_create(self) -> Properties:
        return Properties()

    def obs_properties_get(self, props: Properties, name: str) -> Property | None:
        return props.find(name)

    def obs_properties_add_text(
        self, props: Properties, name: str, text: str, kind: int
    ) -> Property:
        props.append(Property(name, text, f"text {kind}"))
        return props[-1]

    def obs_properties_add_bool(self, props: Properties, name: str, text: str) -> Property:
        props.append(Property(name, text, "bool"))
        return props[-1]

    def obs_properties_add_int(self, props: Properties, name: str, text: str, *_: int) -> Property:
        props.append(Property(name, text, "int"))
        return props[-1]

    def obs_properties_add_path(
        self, props: Properties, name: str, text: str, kind: int, files: str, folder: str
    ) -> Property:
        assert (files, folder) == ("*.json", "")
        props.append(Property(name, text, f"path {kind}"))
        return props[-1]

    def obs_properties_add_list(
        self, props: Properties, name: str, text: str, kind: int, form: int
    ) -> Property:
        props.append(Property(name, text, f"list {kind}"))
        return props[-1]

    def obs_properties_add_editable_list(
        self, props: Properties, name: str, text: str, *_: Any
    ) -> Property:
        props.append(Property(name, text, "editable list"))
        return props[-1]

    def obs_properties_add_button(
        self, props: Properties, name: str, text: str, callback: Any
    ) -> Property:
        props.append(Property(name, text, "button", callback))
        return props[-1]

    def obs_properties_add_group(
        self, props: Properties, name: str, text: str, kind: int, content: Properties
    ) -> Property:
        props.append(Property(name, text, "group"))
        props[-1].content = content
        return props[-1]

    def obs_property_name(self, prop: Property) -> str:
        return prop.name

    def obs_property_set_long_description(self, prop: Property, text: str) -> None:
        prop.help = text

    def obs_property_set_description(self, prop: Property, text: str) -> None:
        prop.text = text

    def obs_property_text_set_info_type(self, prop: Property, kind: int) -> None:
        prop.info = kind

    def obs_property_set_visible(self, prop: Property, visible: bool) -> None:
        prop.visible = visible

    def obs_property_set_enabled(self, prop: Property, enabled: bool) -> None:
        prop.enabled = enabled

    def obs_property_set_modified_callback(self, prop: Property, callback: Any) -> None:
        prop.modified = callback

    def obs_property_list_add_string(self, prop: Property, text: str, value: str) -> None:
        prop.items.append((text, value))

    def obs_property_list_clear(self, prop: Property) -> None:
        prop.items.clear()
