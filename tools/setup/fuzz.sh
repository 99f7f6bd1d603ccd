#!/usr/bin/env bash
# Runs every fuzz target of the tree for the given time, one after another.
set -euo pipefail
time=${1:-10s}
found=0
while IFS=: read -r file name; do
	found=$((found + 1))
	echo "fuzz $name in $(dirname "$file")"
	go test -run='^$' -fuzz="^$name\$" -fuzztime="$time" -fuzzminimizetime=0 "./$(dirname "$file")" >/tmp/qiao-fuzz.$$ 2>&1 || { cat /tmp/qiao-fuzz.$$; exit 1; }
	tail -n 1 /tmp/qiao-fuzz.$$
done < <(git ls-files -co --exclude-standard '*_test.go' | xargs grep -oE '^func (Fuzz[A-Za-z0-9_]+)' | sed 's/func //')
rm -f /tmp/qiao-fuzz.$$
[ "$found" -gt 0 ] || { echo 'no fuzz target found'; exit 1; }
