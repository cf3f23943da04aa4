#!/usr/bin/env bash
# Runs a Creatio client that we did not write (creatio-api-py, from PyPI, unmodified) against the played Creatio.
# Prints each thing that was checked; exits 0 when all hold, else 1. Needs python3 and a package index.
set -euo pipefail
cd "$(dirname "$0")/../../.."
work=$(mktemp -d)
trap 'kill "${sandbox_pid:-}" 2>/dev/null || true; rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check creatio-api-py==1.3.3
npm run --silent build
node_modules/.bin/node dist/sandbox/main.js --world incident --orders 120 --now 2026-01-21T12:00:00Z >"$work/ready" &
sandbox_pid=$!
for _ in $(seq 100); do
  [ -s "$work/ready" ] && break
  sleep 0.1
done
cp test/sandbox/conformance/creatio_client_check.py "$work/"
cd "$work"
venv/bin/python creatio_client_check.py "$(cat ready)"
