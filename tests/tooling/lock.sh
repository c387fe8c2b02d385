#!/bin/sh
# Renews the pinned dependencies (with hashes) from the .in files. Needs uv.
set -eu
cd "$(dirname "$0")/../.."
lock() {
    in=$1
    shift
    uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
        --no-annotate --python-version 3.10 --upgrade "$@" "$in" -o "${in%.in}.txt"
}
lock install/requirements.in --no-emit-package secretstorage --no-emit-package cryptography \
    --no-emit-package cffi --no-emit-package pycparser --no-emit-package jeepney
lock tests/requirements.in
lock tests/qt-requirements.in
