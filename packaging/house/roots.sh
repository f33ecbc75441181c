# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# One Debian for each supported Wireshark, made once and reused: what `matrix` and `packages` share.
# Sourced after house.sh, never run.

: "${top:?}" "${output=}"

roots=${TCP_ABORT_ROOTS:-/var/cache/tcp-abort/roots}

# In a chroot that is no mount point, / has no propagation to change.
propagation=private
mountpoint -q / || propagation=unchanged

release_of() {
    case $1 in
        4.0) echo bookworm ;;
        4.4) echo trixie ;;
        4.6) echo sid ;;
        *) return 1 ;;
    esac
}

mirror() {
    if [ -n "${TCP_ABORT_MIRROR:-}" ]; then
        echo "$TCP_ABORT_MIRROR"
    else
        # shellcheck disable=SC2016 # apt expands them
        apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
            sed -n 's/^Debian|Debian|//p' | head -n 1
    fi
}

# make_root NAME RELEASE: set $root.  The marker is written last, so that a root
# without it is half-made; the lock keeps two runs from making, or using, the same
# root at once.
make_root() {
    root=$roots/$1
    mkdir -p "$roots"
    exec 9>"$root.lock"
    flock --nonblock 9 || patiently "waiting for another run with $root" flock 9
    [ ! -e "$root/complete" ] || return 0
    need debootstrap gpgv debian-archive-keyring
    [ -n "$(mirror)" ] || update_package_lists
    mirror=$(mirror)
    [ -n "$mirror" ] || fail "no Debian mirror among the sources of apt: set TCP_ABORT_MIRROR"

    rm -rf --one-file-system "$root"
    eval "$(apt-config shell proxy Acquire::http::Proxy)"
    http_proxy=${proxy:-${http_proxy:-}} patiently "debootstrap" \
        unshare --mount --propagation $propagation \
        debootstrap --variant=minbase --include=ca-certificates \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        "$2" "$root" "$mirror" ||
        fail "debootstrap $2 from $mirror: $(printf '%s' "$output" | tail -n 3)"
    apt-config dump | grep -E '^Acquire::(Check|http|Retries)' >"$root/etc/apt/apt.conf.d/50host" || true
    echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/60reused"
    touch "$root/complete"
}

# run_in_root COMMAND...: in $root, with the checkout read-only at $inside.
#
# The mounts live in a namespace that ends with the run, and the run with the script, however that
# ends.  Each checkout has a path of its own in there, and with it a build folder of its own.
# The tests look for a corpus of more captures where they would look for it here.
inside=/usr/src/tcp-abort-$(name_of_checkout)
run_in_root() {
    mkdir -p "$root$inside" "$root/usr/src/shared/corpus"
    for file in /etc/resolv.conf /etc/hosts; do
        [ ! -e $file ] || cp --remove-destination $file "$root$file"
    done
    # shellcheck disable=SC2016 # expanded by the inner shell
    setpriv --pdeathsig KILL \
        unshare --mount --propagation $propagation --pid --fork --kill-child sh -euc '
        root=$1 top=$2 inside=$3 corpus=$4
        shift 4
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount --rbind /sys "$root/sys"
        mount -t tmpfs tmpfs "$root/run"
        mount --bind "$top" "$root$inside"
        mount -o remount,bind,ro "$root$inside"
        if [ -d "$corpus" ]; then
            mount --bind "$corpus" "$root/usr/src/shared/corpus"
            mount -o remount,bind,ro "$root/usr/src/shared/corpus"
        fi
        chroot "$root" dpkg --configure -a
        exec chroot "$root" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin \
            ${http_proxy:+http_proxy="$http_proxy"} "$@"
    ' sh "$root" "$top" "$inside" "${TCP_ABORT_CORPUS:-$top/../shared/corpus}" "$@"
}
