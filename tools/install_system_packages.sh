#!/bin/sh
# Install the Debian packages that the tests use and this machine lacks.
# Nothing here is needed to run Attest.
set -eu

# chromium, its fonts; libatomic1 for Playwright's driver; a database server of
# the tests' own, OpenStack Swift, a server of the S3 protocol, and Dovecot, one of IMAP; and second
# opinions: openssl on signatures and timestamps, Go's own packages on checkpoints and proofs,
# poppler-utils and qpdf on PDFs, unzip on bundles; and fonts for scripts that the papers' own lack.
wanted="chromium fonts-liberation libatomic1 postgresql openssl poppler-utils qpdf unzip
    golang-go golang-golang-x-mod-dev python3-swift dovecot-imapd
    fonts-droid-fallback fonts-lohit-beng-bengali fonts-symbola"

if ! command -v dpkg-query >/dev/null; then
    echo "This is not a Debian system: the tests expect to find $wanted already installed." >&2
    exit 0
fi

missing=""
for package in $wanted; do
    status=$(dpkg-query --show --showformat='${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=""
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "The tests need these packages. As root: apt-get install$missing" >&2
        exit 1
    fi
    as_root="sudo"
fi

echo "Installing for the tests:$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update --quiet --quiet
# shellcheck disable=SC2086  # a list of words, meant to be split
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet --yes \
    --no-install-recommends $missing >/dev/null
