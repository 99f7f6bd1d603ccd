#!/usr/bin/env bash
# Runs every fuzz target of the tree for the given time, as many side by side as there are processors.
set -euo pipefail
export time=${1:-10s}
log=$(mktemp -d)
export log
trap 'rm -rf "$log"' EXIT

# one target, its output shown only where it fails
one() {
	local file=${1%%:*} name=${1#*:} out
	out=$(mktemp -p "$log")
	if ! go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" -fuzzminimizetime=0 -parallel=1 "./$(dirname "$file")" >"$out" 2>&1; then
		cat "$out"
		return 255 # ends the others, too
	fi
	echo "fuzz $name in $(dirname "$file"): $(tail -n 1 "$out")"
}
export -f one

targets=$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -oE '^func (Fuzz[A-Za-z0-9_]+)' | sed 's/func //')
[ -n "$targets" ] || { echo 'no fuzz target found'; exit 1; }
xargs -P "$(nproc)" -I{} bash -c 'one {}' <<<"$targets"
