"""Set the title of many users' streams at once, for users who have signed in to a web service.

Usage: python3 many_users.py FOLDER TITLE

FOLDER has one file for each user, NAME.json: what `Grant.to_json` gave when that user signed in. A
token that has to be refreshed is written back at once, because its predecessor is void by then.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from velora_core import (
    Endpoints,
    Grant,
    OAuth,
    RefreshingTokens,
    Transport,
    VeloraClient,
    VeloraError,
)

ENDPOINTS = Endpoints.from_environment()


def set_title(file: Path, title: str) -> str:
    """Return what happened, for one user. Each has a client of their own; nothing is shared."""

    def save(grant: Grant) -> bool:
        new = file.with_suffix(".new")
        new.write_text(json.dumps(grant.to_json()))
        new.replace(file)
        return True

    grant = Grant.from_json(json.loads(file.read_text()))
    transport = Transport(application="many-users-example/1.0")
    tokens = RefreshingTokens(grant, OAuth(transport, ENDPOINTS), save=save)
    try:
        with VeloraClient(tokens, endpoints=ENDPOINTS, transport=transport) as velora:
            velora.update_stream_info(title=title)
    except VeloraError as error:
        return f"{file.stem}: {error}"
    return f"{file.stem}: done"


def main(folder: str, title: str) -> int:
    files = sorted(Path(folder).glob("*.json"))
    with ThreadPoolExecutor(max_workers=16) as pool:
        for line in pool.map(lambda file: set_title(file, title), files):
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
