#!/usr/bin/env bash
# tools/test.sh: the whole suite, in stages; `./ssx test` has made sure of the packages.
#
#   test.sh                 every stage
#   test.sh --quick         the release build's suite only
#   test.sh <ctest args>    the release build's suite only, with these arguments (-R name, -L label, ...)
set -uo pipefail

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
source "$root/tools/build.sh"
jobs=$(nproc 2>/dev/null || echo 2)
fuzz_seconds=60  # of all targets together
rows=()
passed=0
failed=0

# The thread sanitizer wants its shadow memory where address space randomisation may have put something else.
fixed_addresses=()
setarch "$(uname -m)" -R true 2>/dev/null && fixed_addresses=(setarch "$(uname -m)" -R)

row() {  # <stage> <ok|FAILED> <seconds> <words>
  rows+=("$(printf '%-34s %-7s %5d s  %s' "$1" "$2" "$3" "$4")")
  printf 'ssx test: %s: %s (%s)\n' "$1" "$2" "$4"
}

# count_suite <junit file>: "tests failures skipped" from the report's first element; nothing if there is no report.
count_suite() {
  [[ -f $1 ]] || return 1
  local element
  element=$(tr '\n\t' '  ' <"$1" | grep -o '<testsuite [^>]*>' | head -n 1)
  local name value
  for name in tests failures skipped disabled; do
    value=$(grep -oE " $name=\"[0-9]+\"" <<<"$element" | grep -oE '[0-9]+') || return 1
    printf '%s ' "$value"
  done
}

# build_stage <stage> <preset> <target> [<option>=<value>...]
build_stage() {
  local stage=$1 began=$SECONDS
  shift
  if build_preset "$@"; then
    row "$stage" ok $((SECONDS - began)) "built"
  else
    failed=$((failed + 1))
    row "$stage" FAILED $((SECONDS - began)) "build/$1/build.log"
    return 1
  fi
}

# suite_stage <stage> <preset> [<ctest argument>...]
suite_stage() {
  local stage=$1 directory=$root/build/$2 began=$SECONDS tests=0 failures=0 skipped=0 disabled=0
  shift 2
  rm -f "$directory/junit.xml"
  (cd "$directory" && "${fixed_addresses[@]}" ctest -j "$jobs" --output-on-failure --no-tests=error \
    --output-junit "$directory/junit.xml" "$@") >"$directory/test.log" 2>&1 </dev/null
  local status=$?
  read -r tests failures skipped disabled <<<"$(count_suite "$directory/junit.xml" || echo 0 0 0 0)"
  passed=$((passed + tests - failures - skipped - disabled))
  failed=$((failed + failures))
  ((status != 0 && failures == 0)) && failed=$((failed + 1))  # no tests, or ctest itself
  if ((status == 0)); then
    row "$stage" ok $((SECONDS - began)) "$tests tests, $skipped skipped"
  else
    failure_details "$directory/test.log"
    row "$stage" FAILED $((SECONDS - began)) "$failures of $tests failed; ${directory#"$root"/}/test.log"
  fi
}

failure_details() {  # <ctest log>: what the failed tests said, then their names
  grep -vE '^ *[0-9]+/[0-9]+ Test +#.* (Passed|\*\*\*Skipped)|^ +Start +[0-9]+:' "$1" | tail -n 150
}

# compare_stage: each scenario run by gcc's and by clang's program must give the same octets.
compare_stage() {
  local began=$SECONDS words
  if words=$("$root/tools/compare_builds" "$root/build/release/ssx" "$root/build/clang/ssx" "$root/scenarios"); then
    row 'gcc and clang give the same' ok $((SECONDS - began)) "$(tail -n 1 <<<"$words")"
  else
    failed=$((failed + 1))
    printf '%s\n' "$words"
    row 'gcc and clang give the same' FAILED $((SECONDS - began)) "$(tail -n 1 <<<"$words")"
  fi
}

# fuzz_stage: each target of the sanitizer build from its corpus; what it finds stays in build/fuzz-findings.
fuzz_stage() {
  local targets target name seconds began
  mapfile -t targets < <(find "$root/build/asan/fuzz" -maxdepth 1 -type f -name 'fuzz_*' -perm -u+x 2>/dev/null | sort)
  ((${#targets[@]})) || { failed=$((failed + 1)); row 'fuzzing' FAILED 0 'no target was built'; return; }
  seconds=$((fuzz_seconds / ${#targets[@]}))
  ((seconds >= 2)) || seconds=2
  for target in "${targets[@]}"; do
    name=${target##*/fuzz_}
    began=$SECONDS
    local work=$root/build/fuzz-findings/$name corpus=()
    mkdir -p "$work/corpus"
    [[ -d $root/fuzz/corpus/$name ]] && corpus=("$root/fuzz/corpus/$name")
    if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
      -artifact_prefix="$work/" "$work/corpus" "${corpus[@]}" >"$work/log" 2>&1 </dev/null; then
      row "fuzz $name" ok $((SECONDS - began)) "$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log") inputs"
    else
      failed=$((failed + 1))
      tail -n 40 "$work/log"
      row "fuzz $name" FAILED $((SECONDS - began)) "build/fuzz-findings/$name"
    fi
  done
}

summary() {
  printf '\n%-34s %-7s %7s  %s\n' stage result time detail
  printf '%s\n' "${rows[@]}"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0)) || exit 1
  exit 0
}

full=1
((${#} > 0)) && full=0
[[ ${1-} == --quick ]] && shift

build_stage 'release build (gcc)' release all SSX_BUILD_TESTS=ON && suite_stage 'release suite' release "$@"
((full)) || summary

build_stage 'clang build of the program' clang ssx SSX_BUILD_TESTS=OFF SSX_BUILD_BENCH=OFF && compare_stage
build_stage 'address, undefined build (clang)' asan all && {
  suite_stage 'address, undefined suite' asan -LE style
  fuzz_stage
}
export TSAN_OPTIONS="${TSAN_OPTIONS-} second_deadlock_stack=1"
build_prefix=("${fixed_addresses[@]}")  # the build asks the test programs for their tests
build_stage 'thread build (clang)' tsan all && suite_stage 'thread suite' tsan -LE style
summary
