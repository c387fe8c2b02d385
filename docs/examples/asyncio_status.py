"""Ask for several things at once in an asyncio program. Calls block, so each runs in a thread.

Usage: python3 asyncio_status.py

The access token comes from VELORA_ACCESS_TOKEN.
"""

import asyncio
import os
import sys

from velora_core import VeloraClient, VeloraError


async def main() -> int:
    with VeloraClient(
        os.environ["VELORA_ACCESS_TOKEN"], application="asyncio-example/1.0"
    ) as velora:
        try:
            profile, info = await asyncio.gather(
                asyncio.to_thread(velora.get_profile),
                asyncio.to_thread(velora.get_stream_info),
            )
        except VeloraError as error:
            print(error, file=sys.stderr)
            return 1
    print(f"{profile.display_name} is {'live' if info.is_live else 'offline'}: {info.title}")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
