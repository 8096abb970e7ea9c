#!/usr/bin/env bash
# Writes the locks anew: pinned and hashed, for every platform, naming no index.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

compile() {
  uv pip compile --quiet --universal --generate-hashes --no-header \
    --no-emit-index-url --no-emit-find-links --python-version 3.11 "$@"
}

compile pyproject.toml --output-file requirements/run.txt
compile --group test --constraint requirements/run.txt --output-file requirements/test.txt
