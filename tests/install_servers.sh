#!/bin/sh
# Installs the real servers that the tests talk to, where that is possible without asking: root on Debian or Ubuntu.
# Elsewhere it only says what is missing; the tests that need it skip with the same line.
set -eu
missing=""
# Nothing is ever removed for the tests (Dovecot, Courier and Cyrus conflict with each other): then the installation fails instead.
install="apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends --no-remove"
[ -x /usr/lib/dovecot/imap ] || [ -x /usr/libexec/dovecot/imap ] || missing="$missing dovecot-imapd dovecot-lmtpd dovecot-submissiond"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v mbsync >/dev/null 2>&1 || missing="$missing isync"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
[ -x /usr/bin/chromium ] || missing="$missing chromium"
command -v npm >/dev/null 2>&1 || missing="$missing nodejs npm"
if [ -z "$missing" ]; then
    :
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing the servers that the tests need:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 || true
    # shellcheck disable=SC2086 # a command with its options, and a list of package names
    if ! $install $missing >/dev/null; then
        for package in $missing; do
            $install "$package" >/dev/null || echo "$package could not be installed; the tests that need it are skipped." >&2
        done
    fi
else
    echo "Some tests are skipped. To have them: sudo apt-get install$missing" >&2
fi

# Google as the emulate package plays it, in the user's cache. The version and the folder are those of tests/servers/emulate.py.
emulate="${XDG_CACHE_HOME:-$HOME/.cache}/kept-tests/emulate-0.11.2"
if command -v npm >/dev/null 2>&1 && [ ! -d "$emulate/node_modules/emulate" ]; then
    mkdir -p "$emulate"
    npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$emulate" emulate@0.11.2 >/dev/null 2>&1 ||
        echo "emulate could not be installed; the tests of Google are skipped." >&2
fi

# What Microsoft publishes of Graph, as the package that is made of it; read as an archive, never installed. The version is that of
# tests/graph_schema.py.
graph="${XDG_CACHE_HOME:-$HOME/.cache}/kept-tests/msgraph"
if [ -x .venv/bin/python ] && ! ls "$graph"/msgraph_sdk-1.58.0-*.whl >/dev/null 2>&1; then
    mkdir -p "$graph"
    .venv/bin/python -m pip download --quiet --disable-pip-version-check --no-deps --dest "$graph" msgraph-sdk==1.58.0 >/dev/null 2>&1 ||
        echo "msgraph-sdk could not be fetched; the tests of Microsoft Graph are skipped." >&2
fi

# Cyrus, whose package conflicts with Dovecot's: unpacked into the user's cache, never installed, and with the libraries it needs.
cyrus="${XDG_CACHE_HOME:-$HOME/.cache}/kept-tests/cyrus"
if [ ! -x "$cyrus/usr/lib/cyrus/bin/httpd" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Unpacking Cyrus for the tests" >&2
    export DEBIAN_FRONTEND=noninteractive
    unpacked=$(mktemp -d)
    if (
        cd "$unpacked"
        apt-get update -qq >&2 || true
        apt-get -o APT::Sandbox::User=root download -qq cyrus-common cyrus-imapd cyrus-caldav
        for package in *.deb; do dpkg-deb -x "$package" files; done
        libraries=$(for package in *.deb; do dpkg-deb -f "$package" Depends; done |
            tr ',' '\n' | sed -n 's/^ *\(lib[a-z0-9.+-]*\).*/\1/p' | sort -u)
        # shellcheck disable=SC2086 # as above
        $install $libraries
    ) >/dev/null; then
        mkdir -p "$cyrus"
        cp -a "$unpacked/files/." "$cyrus/"
    else
        echo "Cyrus could not be unpacked; its tests are skipped." >&2
    fi
    rm -rf "$unpacked"
fi

# Courier, which conflicts with Dovecot as well: unpacked in the same way, with what its server process needs.
courier="${XDG_CACHE_HOME:-$HOME/.cache}/kept-tests/courier"
if [ ! -x "$courier/usr/bin/imapd" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Unpacking Courier for the tests" >&2
    unpacked=$(mktemp -d)
    if (
        cd "$unpacked"
        apt-get -o APT::Sandbox::User=root download -qq courier-imap courier-base courier-authlib libcourier-unicode4 libgamin0 libltdl7 libidn12
        for package in *.deb; do dpkg-deb -x "$package" files; done
    ) >/dev/null; then
        mkdir -p "$courier"
        cp -a "$unpacked/files/." "$courier/"
    else
        echo "Courier could not be unpacked; its tests are skipped." >&2
    fi
    rm -rf "$unpacked"
fi
