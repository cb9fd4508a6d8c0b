# tools/packages.sh: what the project needs from the system, and how to get it. Sourced by ../ssx; needs $root.

packages_build=(g++ cmake ninja-build ccache libssl-dev libboost-dev libyaml-cpp-dev libcli11-dev libfmt-dev nlohmann-json3-dev)
packages_test=(libgtest-dev libgmock-dev clang libclang-rt-dev llvm clang-format tshark python3 python3-scapy python3-jsonschema python3-yaml python3-cryptography)
packages_bench=(libbenchmark-dev)
fedora_build='gcc-c++ cmake ninja-build ccache openssl-devel boost-devel yaml-cpp-devel cli11-devel fmt-devel json-devel'
fedora_test='gtest-devel gmock-devel clang compiler-rt llvm clang-tools-extra wireshark-cli python3 python3-scapy python3-cryptography'
fedora_bench='google-benchmark-devel'
brew_build='gcc cmake ninja ccache openssl@3 boost yaml-cpp cli11 fmt nlohmann-json'
brew_test='googletest llvm clang-format wireshark python scapy cryptography'
brew_bench='google-benchmark'

# The command that shows that a package's purpose is met, however it came here.
declare -A command_of=([g++]=g++ [cmake]=cmake [ninja-build]=ninja [ccache]=ccache [clang]=clang++ [llvm]=llvm-symbolizer
                       [clang-format]=clang-format [tshark]=tshark [python3]=python3)

# package_list <set>: the packages of build, test or bench; the latter two include the build's.
package_list() {
  case $1 in
    build) printf '%s ' "${packages_build[@]}" ;;
    test) printf '%s ' "${packages_build[@]}" "${packages_test[@]}" ;;
    bench) printf '%s ' "${packages_build[@]}" "${packages_bench[@]}" ;;
  esac
}

# is_installed <package>: known to dpkg, or its command is there. libclang-rt-dev: any version of the runtime will do.
is_installed() {
  [[ -n ${command_of[$1]-} ]] && command -v "${command_of[$1]}" >/dev/null && return 0
  local pattern=$1
  [[ $1 == libclang-rt-dev ]] && pattern='libclang-rt-*dev'
  dpkg-query -W -f '${db:Status-Status}\n' "$pattern" 2>/dev/null | grep -qx installed
}

# missing_packages <set>: one a line. Where there is no dpkg only commands can be looked for; CMake finds the libraries.
missing_packages() {
  local package
  for package in $(package_list "$1"); do
    if [[ -n ${command_of[$package]-} ]] || command -v dpkg-query >/dev/null; then
      is_installed "$package" || printf '%s\n' "$package"
    fi
  done
}

# installable <package>...: the names that this release of Debian or Ubuntu has for them.
installable() {
  local package major
  for package in "$@"; do
    if [[ $package == libclang-rt-dev ]] && ! apt-cache show --no-all-versions "$package" >/dev/null 2>&1; then
      major=$(apt-cache show --no-all-versions clang 2>/dev/null | sed -n 's/^Depends:.*clang-\([0-9]\+\).*/\1/p' | head -n 1)
      if apt-cache show --no-all-versions "libclang-rt-$major-dev" >/dev/null 2>&1; then
        package=libclang-rt-$major-dev
      else
        package=libclang-common-$major-dev
      fi
    fi
    printf '%s\n' "$package"
  done
}

# as_root <command>...: runs it as root, without ever asking a question.
as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

can_install() {
  command -v apt-get >/dev/null || return 1
  ((EUID == 0)) || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

# install_packages <package>...: reads the package lists only when a name is not known or its file is no longer there.
install_packages() {
  local -a install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends)
  local -a names
  if apt-cache show --no-all-versions "$@" >/dev/null 2>&1; then
    mapfile -t names < <(installable "$@")
    as_root "${install[@]}" "${names[@]}" </dev/null && return 0
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null || return 1
  mapfile -t names < <(installable "$@")
  as_root "${install[@]}" "${names[@]}" </dev/null
}

explain_missing() {  # <set> <package>...
  local set=$1 fedora=$fedora_build brew=$brew_build
  shift
  [[ $set == test ]] && fedora+=" $fedora_test" brew+=" $brew_test"
  [[ $set == bench ]] && fedora+=" $fedora_bench" brew+=" $brew_bench"
  {
    printf 'ssx: missing: %s\n' "$*"
    printf '  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install --no-install-recommends %s\n' "$*"
    printf '  Fedora:          sudo dnf install %s\n' "$fedora"
    printf '  Homebrew:        brew install %s\n' "$brew"
  } >&2
}

# ensure_packages <set>: returns when everything is there, else exits 2. The stamp holds the list that was seen complete, so
# that a later start asks nobody.
ensure_packages() {
  local set=$1 list stamp=$root/build/release/.packages-$1-ok seen= missing
  list=$(package_list "$set")
  [[ -r $stamp ]] && seen=$(<"$stamp")
  [[ $seen == "$list" ]] && return 0
  mapfile -t missing < <(missing_packages "$set")
  if ((${#missing[@]})); then
    can_install || { explain_missing "$set" "${missing[@]}"; exit 2; }
    local install_log=$root/build/release/packages.log
    mkdir -p "${install_log%/*}"
    printf 'ssx: installing %s\n' "${missing[*]}" >&2
    if ! install_packages "${missing[@]}" >"$install_log" 2>&1; then
      tail -n 20 "$install_log" >&2
      mapfile -t missing < <(missing_packages "$set")
      explain_missing "$set" "${missing[@]}"
      exit 2
    fi
  fi
  mkdir -p "${stamp%/*}"
  printf '%s' "$list" >"$stamp"
}
