#!/bin/sh
# Measures this platform's workflows beside other engines, one after the other on this machine, and prints one table.
#   Benchmarks/Workflows/compare.sh HARNESS [OUT]
# HARNESS: folder with the harness of the other engines (its restate-bench.mjs, dbos-bench.mjs and floor.sh print lines with the same
# fields); it is copied, nothing is written to it. OUT: folder for lines and table, default ./workflow-figures.
# SCALE=0.02 makes it a smoke run. Needs root, node and npm, PostgreSQL's server binaries, and nothing else busy on the machine.
set -eu
harness=$1
out=$(mkdir -p "${2:-workflow-figures}" && cd "${2:-workflow-figures}" && pwd)
house=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
cp -R "$harness"/. "$work"
chmod -R u+w "$work"
cd "$work"
npm install --no-audit --no-fund
export ANCHOR_OUT="$out/others.jsonl" ANCHOR_DATA="$work/data"
rm -f "$ANCHOR_OUT" "$out/svom.jsonl"
bash floor.sh
for part in steps signal,sleep crash idle; do
  node restate-bench.mjs $part
  node dbos-bench.mjs $part
done
PARTITIONS=4 node restate-bench.mjs steps
cd "$house"
dotnet run -c Release --project Benchmarks -- wf --json "$out/svom.jsonl"
dotnet run -c Release --project Benchmarks --no-build -- wf-table "$out/svom.jsonl" "$out/others.jsonl" > "$out/table.md"
cat "$out/table.md"
