# Sourced by the other scripts: what a build needs beside Swift, from Debian by name.

# need COMMAND-OR-FILE PACKAGE...: installs the packages where the first is missing.
reeve_missing=()
need() {
  command -v "$1" >/dev/null 2>&1 || [ -e "$1" ] || reeve_missing+=("${@:2}")
}

install_missing() {
  [ ${#reeve_missing[@]} -gt 0 ] || return 0
  local sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  echo "installing: ${reeve_missing[*]}"
  $sudo apt-get update -qq
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${reeve_missing[@]}" >/dev/null
}

prepare_build() {
  if ! command -v swift >/dev/null; then
    echo "Swift 6.3 or later is missing: see https://www.swift.org/install/linux" >&2
    exit 2
  fi
  need pkg-config pkg-config
  need /usr/include/zstd.h libzstd-dev
  need /usr/include/zlib.h zlib1g-dev
  install_missing
}

# build PRODUCT...: products of Reeve, or of a package that it builds with, in release. All scripts build this way, so that
# none makes anew what another has made; and products only: a build of everything would make a whole protoc from source.
build() {
  local product
  for product; do
    # A check that a plain build does not make: imports of targets that are not declared as dependencies.
    swift build -c release --explicit-target-dependency-import-check error --product "$product"
  done
}
