#!/usr/bin/env bash
# Every check and every suite, one after the other, stopping at the first that fails.
#   tests/run.sh check    the static checks
#   tests/run.sh suites   the test suites
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=
# Commands that touch no cookie still read settings.
export DRYRUN_SECRET_KEY="${DRYRUN_SECRET_KEY:-for checks alone}"

part() {
  local title=$1
  shift
  printf '\n=== %s\n' "$title"
  local started=$SECONDS
  if ! "$@"; then
    printf '\n*** %s failed; nothing after it was run.\n' "$title"
    exit 1
  fi
  printf -- '--- %s: %d s\n' "$title" "$((SECONDS - started))"
}

check() {
  part "Formatting" ruff format --check --quiet
  part "Lint" ruff check --quiet
  part "Types" mypy
  part "Who may know whom" lint-imports --cache-dir .cache/import-linter
  part "Dependencies" deptry --no-ansi app
  part "Templates" djlint --lint --quiet app
  part "Dockerfile" hadolint Dockerfile
  part "Shell scripts" bash -n dryrun .ci/run tests/run.sh tests/browser/install-chromium.sh requirements/lock.sh
  part "Question bank" python -m app.cli bank check
}

suites() {
  part "Tests" python -m pytest -n auto --dist worksteal --quiet
}

for step in "$@"; do
  "$step"
done
