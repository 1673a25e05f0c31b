"""`attest renew`: a newer timestamp over a bundle that is kept as a file."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from attest.cli.common import now
from attest.domain.wording import day, moment_utc
from attest.setting_values import service_address
from attest.settings import SettingsError
from attest.timestamps.answers import Roots, read_roots
from attest.timestamps.failure import BadRoots
from attest.timestamps.renewal import (
    Renewal,
    RenewalFailed,
    check_renewals,
    text_path,
    token_path,
)
from attest.timestamps.renewal import renew as renew_bundle

_TIMEOUT = 60  # seconds


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--check", is_flag=True, help="Only check the renewals that are there.")
@click.option(
    "--tsa",
    "url",
    metavar="URL",
    envvar="ATTEST_TSA_URL",
    help="The time-stamping authority (RFC 3161), http or https.",
)
@click.option(
    "--tsa-root",
    "root",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="ATTEST_TSA_ROOTS",
    required=True,
    metavar="FILE",
    help="A PEM file with the root certificates of this authority and of earlier ones.",
)
def renew(bundle: Path, check: bool, url: str | None, root: Path) -> None:
    """Renew the proof of time of BUNDLE, a bundle that you keep as a file.

    Do so before the certificate of its newest timestamp ends, and before an algorithm or a key
    that it stands on is broken. It writes BUNDLE.renewal-1.txt, with the hashes of the bundle,
    and BUNDLE.renewal-1.tsr, a timestamp over them; the next renewal covers these too. Keep all
    of them together. Only a hash is sent, and no instance is needed.

    `cksum -c` checks the first file, `openssl ts -verify` the second. Exit status: 0 if the
    renewals hold, 1 if not.
    """
    roots = _roots(root)
    try:
        if check:
            _tell(bundle, check_renewals(bundle, roots), now())
            return
        if not url:
            raise SettingsError("Say with --tsa which time-stamping authority to ask.")
        made = renew_bundle(bundle, _address(url), roots, _TIMEOUT)
    except RenewalFailed as failure:
        click.echo(str(failure), err=True)
        sys.exit(1)
    click.echo(f"Wrote {text_path(bundle, made.number)} and {token_path(bundle, made.number)}.")
    click.echo(_line(made))


def _roots(path: Path) -> Roots:
    try:
        return read_roots(path)
    except BadRoots as error:
        raise SettingsError(str(error)) from None


def _address(url: str) -> str:
    try:
        return service_address(url)
    except ValueError as error:
        raise SettingsError(f"--tsa is wrong: {error}.") from None


def _tell(bundle: Path, renewals: list[Renewal], today: datetime) -> None:
    if not renewals:
        raise RenewalFailed(f"{bundle.name} has no renewals.")
    for renewal in renewals:
        click.echo(_line(renewal))
        if renewal.late:
            click.echo("   It came after the certificate of the one before had ended.")
    ends = renewals[-1].token.certificate_ends_on
    if ends < today:
        click.echo(f"All of it holds. The newest certificate ended on {day(ends.date())}: renew.")
    else:
        click.echo(f"All of it holds. Renew again before {day(ends.date())}.")


def _line(renewal: Renewal) -> str:
    token = renewal.token
    return (
        f"{renewal.number}. {moment_utc(token.gen_time)}, by {token.tsa}; "
        f"its certificate ends on {day(token.certificate_ends_on.date())}"
    )
