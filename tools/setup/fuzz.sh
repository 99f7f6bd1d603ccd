#!/usr/bin/env bash
# Runs every fuzz target of the tree for the given time, as many side by side as there are processors.
set -euo pipefail
export time=${1:-10s}
log=$(mktemp -d)
export log
trap 'rm -rf "$log"' EXIT

# go test before 1.27 sometimes calls it a failure that the time it was given is over (go.dev/issue/75804).
# It is told from a finding by what a finding always brings: the input that failed, or a panic.
ended() {
	grep -q '^ *context deadline exceeded$' "$1" && ! grep -qE 'Failing input written|panic:|failure while testing seed|hung or terminated' "$1"
}
export -f ended

# one target, its output shown only where it fails
one() {
	local file=${1%%:*} name=${1#*:} out
	out=$(mktemp -p "$log")
	if ! go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" -fuzzminimizetime=0 -parallel=1 "./$(dirname "$file")" >"$out" 2>&1 && ! ended "$out"; then
		cat "$out"
		return 255 # ends the others, too
	fi
	echo "fuzz $name in $(dirname "$file"): $(tail -n 1 "$out")"
}
export -f one

targets=$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -oE '^func (Fuzz[A-Za-z0-9_]+)' | sed 's/func //')
[ -n "$targets" ] || { echo 'no fuzz target found'; exit 1; }
xargs -P "$(nproc)" -I{} bash -c 'one {}' <<<"$targets"
