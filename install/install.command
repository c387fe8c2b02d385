#!/bin/sh
# Double-click this to install Velora for OBS.
cd "$(dirname "$0")/.." || exit 1
if ! command -v python3 >/dev/null 2>&1; then
    echo "Python is missing: install version 3.12 from python.org, then start this again."
    exit 1
fi
exec python3 install/install.py "$@"
