"""Errors that only the command line has: OBS doesn't read them."""

from __future__ import annotations

from velora_core.errors import InvalidInput, StorageError, VeloraError

__all__ = [
    "AlreadyStreaming",
    "FfmpegEnded",
    "FfmpegFailed",
    "FfmpegSilent",
    "FileIsFolder",
    "FileMissing",
    "FileThere",
    "FolderMissing",
    "IngestUnreachable",
    "MediaUnreachable",
    "NotConfirmed",
    "PackageMissing",
    "PresetUnknown",
    "PresetsDamaged",
    "SrtUnconnected",
    "StreamRefused",
]


class StreamRefused(VeloraError):
    """The ingest can be reached, and takes no stream with this key."""

    sentence = "cli.stream_refused"


class IngestUnreachable(VeloraError):
    """The ingest can't be reached."""

    sentence = "cli.stream_unreachable"
    transient = True


class MediaUnreachable(IngestUnreachable):
    """The WHIP server answers, and picture and sound find no way to it."""

    sentence = "cli.stream_no_media"


class SrtUnconnected(IngestUnreachable):
    """There is no connection by SRT, which doesn't tell a refusal from silence."""

    sentence = "cli.stream_srt"


class FfmpegFailed(VeloraError):
    """ffmpeg has ended for another reason."""

    sentence = "cli.encoding_failed"


class FfmpegEnded(VeloraError):
    """ffmpeg has ended without a word, as when somebody kills it."""

    sentence = "cli.encoding_ended"


class FfmpegSilent(VeloraError):
    """ffmpeg runs, and streams nothing."""

    sentence = "cli.encoding_silent"
    transient = True


class AlreadyStreaming(VeloraError):
    """Another ``velora stream`` of this user runs."""

    sentence = "cli.stream_running"


class NotConfirmed(InvalidInput):
    """Nobody has said yes to what can't be undone."""

    sentence = "cli.as_it_is"


class PresetUnknown(InvalidInput):
    """No preset has this name or id."""

    sentence = "cli.preset_unknown"


class PresetsDamaged(StorageError):
    """The file with the presets makes no sense."""

    sentence = "status.presets_damaged"


class FileMissing(InvalidInput):
    """There is no file to import."""

    sentence = "cli.file_missing"


class FileIsFolder(InvalidInput):
    """A folder is named where a file is wanted."""

    sentence = "cli.file_is_folder"


class FolderMissing(InvalidInput):
    """The folder of a file that is to be written is not there."""

    sentence = "cli.folder_missing"


class FileThere(InvalidInput):
    """A file that is to be written is there already."""

    sentence = "cli.file_there"


class PackageMissing(VeloraError):
    """A Python package is missing; `about_missing` has the sentence."""

    sentence = "cli.as_it_is"
