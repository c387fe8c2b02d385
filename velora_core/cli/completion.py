"""Completion scripts for the shells, made from the arguments themselves."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence

from .arguments import COMMANDS, make_parser
from .more_commands import MoreCommand

__all__ = ["script"]

_WITH_FILES = ("stream", "presets")  # what takes a file's name

_GLOBAL = ("--help", "--version")

_More = Sequence[MoreCommand]


def script(shell: str, more: _More = ()) -> str:
    """Return the script that completes ``velora`` in a shell.

    Args:
        shell: ``bash``, ``zsh``, ``fish`` or ``powershell``.
        more: commands that come from elsewhere.
    """
    return {"bash": _bash, "zsh": _zsh, "fish": _fish, "powershell": _powershell}[shell](more)


def _commands(more: _More) -> Mapping[str, str]:
    """Return what each command does."""
    return {**COMMANDS, **{command.name: command.help for command in more}}


def _options(more: _More) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return what can stand behind each command, with its help."""
    parser = make_parser(more)
    commands = next(
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    )
    return {name: tuple(dict(_each(command)).items()) for name, command in commands.choices.items()}


def _each(command: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Return all that can stand behind a command, with its help; an action's options as well."""
    for action in command._actions:
        for option in action.option_strings:
            if option.startswith("--"):
                yield option, action.help or ""
    for action in command._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from ((choice.dest, choice.help or "") for choice in action._choices_actions)
            for parser in action.choices.values():
                yield from _each(parser)
        elif not action.option_strings and action.choices:
            yield from ((str(choice), "") for choice in action.choices)


def _words(name: str, more: _More) -> str:
    return " ".join(word for word, _ in _options(more)[name])


def _cases(more: _More) -> str:
    return "\n".join(f"    {name}) words='{_words(name, more)}' ;;" for name in _commands(more))


def _bash(more: _More) -> str:
    first = " ".join((*_commands(more), *_GLOBAL))
    return f"""\
# Completes velora in bash.
_velora() {{
  local words
  case "${{COMP_WORDS[1]}}" in
{_cases(more)}
    *) words='{first}' ;;
  esac
  [ "$COMP_CWORD" -eq 1 ] && words='{first}'
  COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _velora velora
"""


def _zsh(more: _More) -> str:
    commands = "\n".join(
        "    '{}:{}'".format(name, text.replace("'", "'\\''").replace(":", "\\:"))
        for name, text in _commands(more).items()
    )
    cases = "\n".join(
        f"    {name}) compadd -- {_words(name, more)}{' || _files' * (name in _WITH_FILES)} ;;"
        for name in _commands(more)
    )
    return f"""\
#compdef velora
# Completes velora in zsh.
_velora() {{
  local -a commands
  commands=(
{commands}
  )
  if (( CURRENT == 2 )); then
    if [[ "$PREFIX" == -* ]]; then
      compadd -- {" ".join(_GLOBAL)}
    else
      _describe command commands
    fi
    return
  fi
  case "$words[2]" in
{cases}
  esac
}}
# As a file of $fpath it is called at once, and otherwise it is read at the start.
if [[ "$funcstack[1]" == _velora ]]; then
  _velora "$@"
else
  (( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit }}
  compdef _velora velora
fi
"""


def _fish(more: _More) -> str:
    files = f"not __fish_seen_subcommand_from {' '.join(_WITH_FILES)}"
    lines = ["# Completes velora in fish.", f"complete -c velora -f -n '{files}'"]
    for name, text in _commands(more).items():
        lines.append(f"complete -c velora -n __fish_use_subcommand -a {name} -d '{_quoted(text)}'")
    for word in _GLOBAL:
        lines.append(f"complete -c velora -n __fish_use_subcommand -l {word[2:]}")
    for name, options in _options(more).items():
        for word, text in options:
            what = f"-l {word[2:]}" if word.startswith("--") else f"-a {word}"
            lines.append(
                f"complete -c velora -n '__fish_seen_subcommand_from {name}' {what} "
                f"-d '{_quoted(text)}'"
            )
    return "\n".join(lines) + "\n"


def _powershell(more: _More) -> str:
    rows = "\n".join(
        "    '{}' = @({})".format(name, ", ".join(f"'{word}'" for word, _ in options))
        for name, options in _options(more).items()
    )
    names = ", ".join(f"'{name}'" for name in (*_commands(more), *_GLOBAL))
    return f"""\
# Completes velora in PowerShell.
Register-ArgumentCompleter -Native -CommandName velora -ScriptBlock {{
  param($word, $line, $cursor)
  $options = @{{
{rows}
  }}
  $given = @($line.CommandElements | ForEach-Object {{ $_.ToString() }})
  $first = $given.Count -lt 2 -or ($given.Count -eq 2 -and $word -ne '')
  $words = if ($first) {{ @({names}) }} else {{ $options[$given[1]] }}
  $words | Where-Object {{ $_ -and $_ -like "$word*" }} |
    ForEach-Object {{ [System.Management.Automation.CompletionResult]::new($_) }}
}}
"""


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
