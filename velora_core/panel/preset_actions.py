"""What the buttons of the section for presets do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from velora_core.app.runtime import Runtime
from velora_core.app.state import StreamSettings
from velora_core.app.worker import Job
from velora_core.features.game_presets import GamePresets
from velora_core.features.preset_library import PresetLibrary
from velora_core.features.scene_presets import ScenePresets
from velora_core.features.title_history import TitleHistory

from .elements import Action
from .presets import recent_key

__all__ = ["preset_actions"]


def preset_actions(
    presets: PresetLibrary,
    scenes: ScenePresets,
    games: GamePresets,
    history: TitleHistory,
    runtime: Runtime,
    settings: Callable[[], StreamSettings],
) -> Mapping[Action, Callable[[], Job]]:
    """Return what each of them does, with what is chosen in the fields then.

    Args:
        presets: the presets.
        scenes: which scenes have one.
        games: which programs have one.
        history: recent titles and what Velora had before.
        runtime: has the state.
        settings: what the fields hold.
    """

    def chosen() -> str:
        return settings().preset

    def use_recent() -> Job:
        wanted = settings().recent
        for content in runtime.state.recent:
            if recent_key(content) == wanted:
                return history.choose(content)
        return Job.finished()

    return {
        Action.PRESET_APPLY: lambda: presets.apply(chosen()),
        Action.PUT_BACK: history.put_back,
        Action.PRESETS_MORE: lambda: presets.manage(True),
        Action.PRESETS_LESS: lambda: presets.manage(False),
        Action.PRESET_SAVE: lambda: presets.save(settings().preset_name),
        Action.PRESET_OVERWRITE: lambda: presets.overwrite(chosen()),
        Action.PRESET_RENAME: lambda: presets.rename(chosen(), settings().preset_name),
        Action.PRESET_UP: lambda: presets.move(chosen(), -1),
        Action.PRESET_DOWN: lambda: presets.move(chosen(), 1),
        Action.PRESET_DELETE: lambda: presets.ask_delete(chosen()),
        Action.CONFIRM_PRESET_DELETE: lambda: presets.delete(chosen()),
        Action.CANCEL_PRESET_DELETE: lambda: presets.ask_delete(""),
        Action.SCENE_TIE: lambda: scenes.tie(chosen()),
        Action.SCENE_UNTIE: lambda: scenes.untie(chosen()),
        Action.PROGRAMS_SAVE: lambda: games.save(chosen()),
        Action.RECENT_USE: use_recent,
        Action.SET_COUNT: lambda: history.set_streams(settings().stream_number),
    }
