#!/usr/bin/env bash
# Write requirements.lock from what a fresh environment resolves to.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -e '.[dev]'
{
  echo "# Made by tests/tools/lock.sh; pip takes it as constraints."
  # A local version (torch 2.13.0+cpu) is another build of the same release.
  "$work/venv/bin/pip" freeze --exclude-editable | sed -E 's/\+[a-z0-9.]+$//'
} >requirements.lock
