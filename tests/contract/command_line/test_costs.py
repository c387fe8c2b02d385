"""What the command does not read when it does not need it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.simulator import Simulator
from tests.tooling.environment import ROOT

_PUSHED = {"velora_core.api.event_stream", "velora_core.api.server_sent_events"}
_READ = """
import sys
from velora_hosts.command_line import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "unread"),
    [
        (["--version"], {"requests", "keyring", "pathlib", "velora_core.app.session"}),
        (["info"], {"keyring", "oauthlib", "platform", "velora_hosts.companion.kinds", *_PUSHED}),
        (["presets"], {"requests", "keyring", "oauthlib"}),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_command__reads_no_more_than_it_needs(
    velora: Simulator, token: str, arguments: list[str], unread: set[str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _READ, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout
    assert unread & set(done.stderr.split()) == set()
