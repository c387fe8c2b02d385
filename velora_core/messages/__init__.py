"""All sentences that people read, by name, so that a translation is one more folder beside `en`.

The panel, OBS's log and a command line show the same sentence because they all ask here. OBS's UI
thread compiles and imports this file while it loads the script, so it has only what that asks for:
not even `__future__`, which is a file as well.
"""

TYPE_CHECKING = False  # as in `velora_core`
if TYPE_CHECKING:
    from typing import Final

__all__ = ["message"]

_FIRST: "Final" = ("script", "hotkey")  # areas of the language's package itself

own: "dict[str, str]" = {}
"""The sentences that this program says otherwise than the panel (`program.py`)."""
_read: "dict[str, str]" = {}  # of the files that were needed so far


def message(name: str, /, **values: object) -> str:
    """Return the sentence called `name` with its `{placeholders}` filled in.

    Raises:
        KeyError: there is no such sentence, or a placeholder has no value.
    """
    sentence = own.get(name) or _read.get(name) or _first_of_its_file(name)
    return sentence.format(**values)


def _first_of_its_file(name: str) -> str:
    """Return a sentence of a file that may not have been read yet."""
    area = name.partition(".")[0]
    file = "en"
    if area not in _FIRST:
        from .files import FILES

        file += "." + FILES[area]
    # Not by `importlib`, which OBS's UI thread would have to read first.
    _read.update(__import__(f"{__name__}.{file}", fromlist=["MESSAGES"]).MESSAGES)
    return _read[name]
