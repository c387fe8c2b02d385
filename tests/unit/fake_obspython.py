"""Just enough of obspython for the script: data objects, properties and the frontend.

References are counted: what is handed over with one has to be given back.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tests.unit.fake_obs_objects import Data, Encoder, Frontend, Properties, Source
from tests.unit.fake_obs_properties import FakeObsProperties

__all__ = ["Data", "Encoder", "FakeObs", "Properties", "Source"]


class FakeObs(FakeObsProperties):
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
    OBS_SOURCE_TYPE_SCENE = 3
    OBS_FRONTEND_EVENT_RECORDING_STARTING, OBS_FRONTEND_EVENT_REPLAY_BUFFER_STARTING = 4, 18
    OBS_FRONTEND_EVENT_EXIT, OBS_FRONTEND_EVENT_FINISHED_LOADING = 17, 26
    OBS_FRONTEND_EVENT_SCENE_CHANGED = 8
    OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGED = 11
    OBS_FRONTEND_EVENT_SCENE_COLLECTION_CHANGING = 35

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

    def obs_output_get_name(self, output: Frontend) -> str:
        return output.output_name

    def obs_output_get_ref(self, output: Frontend) -> Frontend:
        self.references += 1
        return output

    def obs_output_active(self, output: Frontend) -> bool:
        return output.live

    def obs_output_get_last_error(self, output: Frontend) -> str | None:
        return output.last_error

    def obs_output_force_stop(self, output: Frontend) -> None:
        output.forced_stops += 1
        for told in list(output.on_stop):
            told({"code": 0})

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

    def calldata_string(self, data: dict[str, str], name: str) -> str | None:
        return data.get(name)

    def calldata_source(self, data: dict[str, Source], name: str) -> Source | None:
        return data.get(name)

    def obs_source_get_type(self, source: Source | None) -> int:
        return 3 if source and source.kind == "scene" else 0

    def calldata_bool(self, data: dict[str, bool], name: str) -> bool:
        return data.get(name, False)

    def calldata_create(self) -> dict[str, Any]:
        self.references += 1
        return {}

    def calldata_destroy(self, data: dict[str, Any]) -> None:
        self.references -= 1

    def signal_handler_connect(self, signals: Any, name: str, callback: Any) -> None:
        if name == "source_rename":
            signals.append(callback)
            return
        {"stop": signals.on_stop, "starting": signals.on_starting}[name].append(callback)

    def signal_handler_disconnect(self, signals: Frontend, name: str, callback: Any) -> None:
        called = {"stop": signals.on_stop, "starting": signals.on_starting}[name]
        if callback in called:
            called.remove(callback)

    def calldata_int(self, data: dict[str, int], name: str) -> int:
        return data[name]

    def calldata_ptr(self, data: dict[str, int], name: str) -> int:
        return data.get(name, int(self.frontend))

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

    def obs_source_get_proc_handler(self, source: Source) -> Source:
        return source

    def proc_handler_call(self, source: Source, name: str, data: dict[str, Any]) -> bool:
        assert name == "get_hooked"
        if source.hooked is None:
            return False
        data.update({"hooked": bool(source.hooked), **source.hooked})
        return True

    def obs_source_get_signal_handler(self, source: Source) -> int:
        return id(source)

    def obs_source_active(self, source: Source) -> bool:
        return source.active

    def obs_source_get_width(self, source: Source) -> int:
        return source.width

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

    def obs_frontend_get_current_scene_collection(self) -> str:
        return "Main"

    def obs_frontend_get_profiles(self) -> list[str]:
        return [self.frontend.profile, *self.frontend.other_profiles]

    def obs_frontend_streaming_stop(self) -> None:
        """From another thread OBS only takes note of it."""

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
