#!/usr/bin/env bash
# Runs every fuzz target of the tree for the given time, as many side by side as there are processors. Each package is
# compiled once for all of its targets.
set -euo pipefail
export time=${1:-10s}
work=$(mktemp -d)
export work
trap 'rm -rf "$work"' EXIT

# the test before 1.27 sometimes calls it a failure that the time it was given is over (go.dev/issue/75804).
# It is told from a finding by what a finding always brings: the input that failed, or a panic.
ended() {
	grep -q '^ *context deadline exceeded$' "$1" && ! grep -qE 'Failing input written|panic:|failure while testing seed|hung or terminated' "$1"
}
export -f ended

binary() { echo "$work/$(tr / _ <<<"$1").test"; }
export -f binary

compile() { go test -c -vet=off -ldflags='-s -w' -fuzz=. -o "$(binary "$1")" "./$1"; }
export -f compile

# one target, its output shown only where it fails
one() {
	local dir name=${1#*:} out bin
	dir=$(dirname "${1%%:*}")
	out=$(mktemp -p "$work")
	bin=$(binary "$dir")
	if ! (cd "$dir" && "$bin" -test.run='^$' -test.fuzz="^$name\$" -test.fuzztime="$time" -test.fuzzminimizetime=0 -test.parallel=1 -test.fuzzcachedir="$work/corpus/$dir") >"$out" 2>&1 && ! ended "$out"; then
		cat "$out"
		return 255 # ends the others, too
	fi
	echo "fuzz $name in $dir: $(grep 'elapsed' "$out" | tail -n 1)"
}
export -f one

targets=$(git ls-files -co --exclude-standard '*_test.go' | xargs grep -oE '^func (Fuzz[A-Za-z0-9_]+)' | sed 's/func //')
[ -n "$targets" ] || { echo 'no fuzz target found'; exit 1; }
cut -d: -f1 <<<"$targets" | xargs -n1 dirname | sort -u | xargs -P "$(nproc)" -I{} bash -c 'compile {}'
xargs -P "$(nproc)" -I{} bash -c 'one {}' <<<"$targets"
