#!/usr/bin/env bash
# What a change of the policies has to pass, here and in CI.
#
#   ./check.sh                 this folder alone
#   ./check.sh ../before       and what changes for customers, against an earlier copy of this folder
#
# Nothing is left behind but build/, which can be thrown away.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
before=${1:-}
customers=${CUSTOMERS:-2000}
as_of=2026-11-21T10:00:00+08:00 # a fixed moment: the same change gives the same figures every day

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

say "1. Is it in the canonical format?"
siyu fmt --check --diff policies

say "2. Is it right?"
siyu check --format "${FORMAT:-text}" policies

say "3. Does it do what its tests say, and do they say enough?"
mkdir -p build
siyu test policies --junit build/tests.xml --coverage-html build/coverage.html --fail-under 95 | tail -n 8

if [ -n "$before" ]; then
  say "4. What changes, for $customers customers?"
  # The data are made up from the schema of the earlier policy, whose rules stand in the logs.
  rm -rf build/data build/before build/after
  siyu sample "$before/policies/members/policy.siyu" --customers "$customers" -o build/data > build/sample.txt 2>&1
  for which in before after; do
    folder=.
    [ $which = after ] || folder=$before
    siyu run "$folder/policies/members/policy.siyu" --sources build/data --as-of $as_of \
      -o "build/$which" 2> "build/$which.log" > "build/$which.txt" || { cat "build/$which.log"; exit 1; }
  done
  python what_changes.py build/before build/after | tee build/changes.md
fi
