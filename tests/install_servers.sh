#!/bin/sh
# Installs the real servers that the tests talk to, where that is possible without asking: root on Debian or Ubuntu.
# Elsewhere it only says what is missing; the tests that need it skip with the same line.
set -eu
missing=""
command -v dovecot >/dev/null 2>&1 || [ -x /usr/sbin/dovecot ] || missing="$missing dovecot-imapd dovecot-lmtpd dovecot-submissiond"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v mbsync >/dev/null 2>&1 || missing="$missing isync"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
command -v systemd-analyze >/dev/null 2>&1 || missing="$missing systemd"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing the servers that the tests need:$missing" >&2
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >&2 || true
    # shellcheck disable=SC2086 # a list of package names
    apt-get install -y -qq --no-install-recommends $missing >/dev/null || echo "Some servers could not be installed; their tests are skipped." >&2
else
    echo "Some tests are skipped. To have them: sudo apt-get install$missing" >&2
fi
