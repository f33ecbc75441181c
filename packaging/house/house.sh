# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# What the scripts of packaging/ share: messages, packages, where to build, how to run tshark.
# Sourced, never run.  The caller has said `set -eu` and set $top, the root of the checkout.

: "${top:?}"

# Wireshark ignores WIRESHARK_PLUGIN_DIR when root runs it, and drops without a
# word a plugin that its user cannot read.  So root runs it as nobody:nogroup,
# and what is built is readable by all.
nobody=65534
umask 022
export LC_ALL=C.UTF-8

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# step TITLE COMMAND...: run it and say how long it took.  A failure ends the script.
step() {
    doing=$1
    shift
    say "== $doing"
    started=$(date +%s)
    "$@"
    say "== $doing: $(($(date +%s) - started)) s"
    doing=
}

doing=
haven=
home=
teller=

leave() {
    status=$?
    hush
    [ -z "$haven" ] || rm -rf "$haven"
    [ "$status" -eq 0 ] || [ -z "$doing" ] || say "== $doing: FAILED" >&2
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

# tell_time TITLE: what is under way, once it has taken 2 s, and every 15 s for how long; until the
# script has ended, however it ends.
tell_time() {
    seconds=0
    while sleep 1 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
        seconds=$((seconds + 1))
        [ $seconds -ne 2 ] || say "   $1 ..."
        [ $((seconds % 15)) -ne 0 ] || say "   $1 ... $seconds s"
    done
}

hush() {
    [ -n "$teller" ] || return 0
    { kill "$teller" && wait "$teller"; } 2>/dev/null || true
    teller=
}

# patiently TITLE COMMAND...: run it, keep what it prints in $output, and tell the time.
patiently() {
    title=$1
    shift
    begun=$(date +%s)
    tell_time "$title" &
    teller=$!
    outcome=0
    output=$("$@" 2>&1) || outcome=$?
    hush
    took=$(($(date +%s) - begun))
    [ $took -lt 2 ] || say "   $title: $took s"
    return $outcome
}

# quietly TITLE COMMAND...: show its output only when it fails.
quietly() {
    patiently "$@" && return
    printf '%s\n' "$output" >&2
    shift
    fail "failed: $*"
}

# test_under_wine PREFIX OPTION...: run ctest with these options.  Of some 2,500 programs one ends as
# it starts, with nothing said: Wine's server has dropped it.  So each test may have a second try.
test_under_wine() {
    export WINEDEBUG=-all WINEPREFIX="$1"
    shift
    wineboot >/dev/null 2>&1 || true # two programs at once would get in each other's way
    outcome=0
    ctest "$@" --repeat until-pass:2 || outcome=$?
    wineserver -k || true # or it has ended
    return $outcome
}

is_root() {
    [ "$(id -u)" -eq 0 ]
}

as_nobody() {
    if is_root; then
        setpriv --reuid=$nobody --regid=$nobody --clear-groups "$@"
    else
        "$@"
    fi
}

apt() {
    $sudo env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=900 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# apt waits by itself for the lock of dpkg, but not for that of the package lists.
update_package_lists() {
    for _ in $(seq 100); do
        patiently "updating the package lists" apt update && return
        case $output in
            *"Could not get lock"*) sleep 5 ;;
            *) break ;;
        esac
    done
    fail "apt-get update: $output"
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# choose_sudo: what apt has to be run with.
choose_sudo() {
    sudo=
    is_root || sudo=sudo
    [ -z "$sudo" ] || command -v sudo >/dev/null ||
        fail "only root can install packages: run this once as root, or install sudo${missing:+ (missing:$missing)}"
}

# need PACKAGE...: install those that are missing.
need() {
    missing=
    for package in "$@"; do
        is_installed "$package" || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "missing, as Debian names them:$missing"
    choose_sudo

    say "installing:$missing"
    update_package_lists
    # shellcheck disable=SC2086 # a list of words
    patiently "installing" apt install --no-install-recommends $missing || fail "$output
could not install:$missing
(expected: Debian 12 or later with its main archive, and room on the disk)"
}

# need_to_build PACKAGE...: what every build takes, and these.
# shellcheck disable=SC2120 # the other packages are few, or none
need_to_build() {
    need gcc libc6-dev cmake ninja-build pkgconf check wireshark-dev tshark "$@"
}

# The one place that says which version this is.
project_version() {
    sed -n 's/^project(.* VERSION \([0-9.]*\).*/\1/p' "$top/CMakeLists.txt"
}

# A checkout has folders of its own elsewhere: a build of one must not meet the
# older files of another.
name_of_checkout() {
    printf %s "$top" | cksum | cut -d ' ' -f 1
}

# choose_folders: set $source and $build.  They are the checkout and its build/,
# unless root works in a checkout that nobody cannot read (below a home of mode
# 700): then the sources are copied, and build/ is a link; or the checkout is
# read-only.
choose_folders() {
    if is_root; then
        cache=/var/cache/tcp-abort
    else
        cache=${XDG_CACHE_HOME:-$HOME/.cache}/tcp-abort
        [ "$(id -g)" -ne 0 ] || fail "as a user of group 0, Wireshark loads no plugin but its own"
    fi
    place=$cache/$(name_of_checkout)
    source=$top
    build=$top/build

    if ! as_nobody test -r "$top/packaging/house/house.sh"; then
        source=$place/source
        build=$place/build
        say "an unprivileged user cannot read $top: working in $place"
        rm -rf "$source"
        mkdir -p "$source"
        # The times are kept, so that only what changed is built again.
        tar -C "$top" --exclude=./build --exclude=./.git -c . | tar -C "$source" -x --no-same-owner
        chmod -R a+rX "$source"
    elif [ ! -w "$top" ]; then
        build=$place/build
        say "$top is read-only: building in $build"
    fi
    link_build
    mkdir -p "$build"
}

# link_build: what is built is found in build/ of the checkout, wherever it is.
# A link of ours goes when the checkout has moved; a folder of the user's stays.
link_build() {
    case $(readlink "$top/build") in
        "$build") return ;;
        "$cache"/*) rm -f "$top/build" ;;
    esac
    [ "$build" != "$top/build" ] && [ -w "$top" ] || return 0
    if [ -e "$top/build" ] || [ -L "$top/build" ]; then
        say "$top/build was there before: what is built is in $build"
    else
        ln -s "$build" "$top/build"
    fi
}

# shellcheck disable=SC2034 # a part of what the callers say
ctest_options="Of ctest's options it knows -R, -E, -L, -LE, -j and --timeout, each with a value,
and -N, -V, -VV, --rerun-failed and --stop-on-failure."

# check_ctest_options OPTION...: before anything is installed or built; the caller has set $usage.
check_ctest_options() {
    : "${usage:?}"
    while [ $# -gt 0 ]; do
        case $1 in
            -h | --help)
                say "$usage"
                exit
                ;;
            -R | -E | -L | -LE | -j | --timeout)
                [ $# -gt 1 ] || fail "$1 needs a value"
                shift
                ;;
            -R?* | -E?* | -j[0-9]* | -N | -V | -VV | --rerun-failed | --stop-on-failure) ;;
            -*) fail "no such option: $1
$usage" ;;
            *) fail "not an option: $1 (-R $1 runs the tests that are called so)" ;;
        esac
        shift
    done
}

# configure_and_build PRESET [TARGET]: once nobody else builds there, as a script that was killed
# may have left it doing.
configure_and_build() {
    quietly "configuring" flock "$build/$1.lock" cmake -S "$source" --preset "$1" -B "$build/$1"
    quietly "building" flock "$build/$1.lock" cmake --build "$build/$1" ${2:+--target "$2"}
}

# in_wireshark PRESET COMMAND...: run a program of Wireshark with the plugin of
# that preset, fresh settings in $home, and nothing of the caller's environment.
in_wireshark() {
    plugins=$build/$1/plugins
    shift
    as_nobody env -i PATH=/usr/bin:/bin HOME="$home" LC_ALL=C.UTF-8 ${TZ:+TZ="$TZ"} \
        WIRESHARK_CONFIG_DIR="$home" WIRESHARK_PLUGIN_DIR="$plugins" "$@"
}

# clear_havens: remove those whose scripts were killed.  What still runs of a script holds its lock.
clear_havens() {
    for left in "${TMPDIR:-/tmp}"/tcp-abort-run.*/held; do
        [ -O "$left" ] || continue
        flock --nonblock "$left" rm -rf "${left%/held}" || true
    done
}

# make_haven: set $haven, a folder for all that is temporary, in which everybody may write.  It ends
# with the script; or, if that is killed, with the next one.
make_haven() {
    [ -z "$haven" ] || return 0
    clear_havens
    haven=$(mktemp -d "${TMPDIR:-/tmp}/tcp-abort-run.XXXXXX")
    exec 8>"$haven/new"
    flock 8
    mv "$haven/new" "$haven/held" # nobody has seen it without the lock
    chmod 1777 "$haven"
}

# make_home: set $home, a folder for nobody that ends with the script.
make_home() {
    make_haven
    home=$haven/home
    mkdir "$home"
    ! is_root || chown $nobody:$nobody "$home"
}

# expect_plugin PRESET: a plugin that does not load makes tshark neither fail nor complain.
expect_plugin() {
    in_wireshark "$1" tshark -G plugins 2>&1 | grep -q '^tcp_abort\.so' ||
        fail "tshark does not load the plugin below $build/$1/plugins:
$(in_wireshark "$1" tshark -G plugins 2>&1 | grep -i -e tcp_abort -e "couldn't" ||
    echo 'it is not there, or a folder above it cannot be read by others')"
}

# choose_capture FILE: set $capture to it, or say what is wrong with it.
choose_capture() {
    [ -e "$1" ] || fail "no such capture: $1"
    [ -f "$1" ] || fail "not a file: $1"
    [ -r "$1" ] || fail "no permission to read: $1"
    [ -s "$1" ] || fail "an empty file: $1"
    capture=$(realpath "$1")
}

# lend_capture: let nobody read it too.
lend_capture() {
    ! as_nobody test -r "$capture" || return 0
    cp "$capture" "$home/"
    capture=$home/${capture##*/}
    chmod 644 "$capture"
}
