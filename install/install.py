r"""Install Velora for OBS: python3 install/install.py (on Windows: py install\install.py).

Options: --check, --uninstall, --forget, --config-dir, --collection, --bundle, --wait,
--allow-downgrade, --replace-python, --chat-dock, --dock, --command, --yes; --help explains them.
The exit code says what happened: 0 done, 1 failed, 2 something has to be said on the command line,
3 no OBS found, 4 OBS is running, 5 something is left to mend.
"""

import os
import sys

OLDEST_PYTHON = (3, 8)

if __name__ == "__main__":
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            "The installer needs Python {}.{} or later, and this is {}.{}: install a newer Python "
            "from python.org, then start this with it.".format(
                *(OLDEST_PYTHON + tuple(sys.version_info[:2]))
            )
        )
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from velora_install.command import main

    sys.exit(main())
