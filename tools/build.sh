# tools/build.sh: configure and build a preset, silently unless there is something to do. Sourced; needs $root.

build_prefix=()  # a command that the build is run under

# Checkouts share what they compile alike: object files name no directory but the checkout's own.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

# configured <directory> [<option>=<value>...]: a finished configuration that has these options.
configured() {
  local cache=$1/CMakeCache.txt option
  [[ -f $1/build.ninja && -f $cache ]] || return 1
  grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || return 1
  shift
  for option in "$@"; do
    grep -qxE "${option%%=*}:[A-Z]+=${option#*=}" "$cache" || return 1
  done
}

# run_ninja <directory> <target>: its output goes to stdout; says once on stderr that there is something to build.
run_ninja() {
  local line said=
  "${build_prefix[@]}" ninja -C "$1" "$2" 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line"
    if [[ -z $said && $line =~ ^\[[1-9] ]]; then
      said=1
      printf 'ssx: building %s in %s (log: build.log there)\n' "$2" "$1" >&2
    fi
  done
  return "${PIPESTATUS[0]}"
}

configure_and_build() {  # <preset> <target> [<option>=<value>...]
  local preset=$1 target=$2 directory=$root/build/$1
  shift 2
  if ! configured "$directory" "$@"; then
    printf 'ssx: configuring %s\n' "$directory" >&2
    # A checkout that was copied or moved: CMake refuses the cache of another place.
    grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$directory/CMakeCache.txt" || rm -rf "$directory"/CMake{Cache.txt,Files}
    (cd "$root" && cmake --preset "$preset" "${@/#/-D}" 2>&1) || return 1
  fi
  run_ninja "$directory" "$target"
}

# build_preset <preset> <target> [<option>=<value>...]: one build a directory at a time; shows the log when it fails.
build_preset() {
  local directory=$root/build/$1 lock
  mkdir -p "$directory"
  exec {lock}>"$directory/.lock"
  command -v flock >/dev/null && flock "$lock"
  if ! configure_and_build "$@" >"$directory/build.log" {lock}>&-; then
    {
      printf 'ssx: the build failed; the end of %s/build.log:\n' "$directory"
      grep -vE '^\[[0-9]+/[0-9]+\] |^ninja: Entering|^-- |^Preset CMake|^  [A-Z_]+="|^$' "$directory/build.log" | tail -n 60
    } >&2
    exec {lock}>&-
    return 1
  fi
  exec {lock}>&-
}
