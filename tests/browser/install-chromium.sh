#!/usr/bin/env bash
# Makes sure that there is a Chromium: one on the path, else Debian's package, else Playwright's own.
set -euo pipefail

found() { command -v chromium > /dev/null || command -v chromium-browser > /dev/null; }

if found; then
  exit 0
fi
if [ "$(id -u)" -eq 0 ] && command -v apt-get > /dev/null; then
  echo "Installing Chromium ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium > /dev/null
  found && exit 0
fi
# Quick when it is there already.
.venv/bin/python -m playwright install chromium
