"""An IMAP server of the tests' own: Debian's Dovecot, on free ports, gone afterwards."""

from __future__ import annotations

import grp
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mail_server import HOST, PASSWORD, PATIENCE, USER, certificate
from tests.ports import kept_port

INSTALL = (
    "The tests need Dovecot's IMAP server and found none. "
    "Run `make system-packages`, or install Debian's package `dovecot-imapd`."
)
HANDLED = "Handled"

# What Dovecot's manual calls a rootless installation: everybody is whoever starts it.
SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
protocols = imap
listen = 127.0.0.1
mail_location = maildir:{folder}/mail:LAYOUT=fs
auth_mechanisms = plain cram-md5
auth_failure_delay = 0
disable_plaintext_auth = yes
# What comes over loopback would else count as encrypted.
login_trusted_networks =
haproxy_trusted_networks =
first_valid_uid = 0
mail_fsync = never
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
ssl_dh =
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail
}}
service anvil {{
  chroot =
  # Nobody waits because a test tried a wrong password before.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service imap-login {{
  chroot =
  process_min_avail = 0
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox {handled} {{
    auto = create
  }}
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """A running server with the one mailbox of `USER`."""

    port: int  # STARTTLS, and CRAM-MD5 without it
    tls_port: int
    authority: Path  # the certificate, which signs itself

    @contextmanager
    def mailbox(self) -> Iterator[imaplib.IMAP4]:
        """As the mailbox's owner sees it."""
        context = ssl.create_default_context(cafile=str(self.authority))
        with imaplib.IMAP4_SSL(
            HOST, self.tls_port, ssl_context=context, timeout=PATIENCE
        ) as opened:
            opened.login(USER, PASSWORD)
            opened.select("INBOX")
            yield opened

    def empty(self) -> None:
        """Takes everything out of every folder."""
        with self.mailbox() as opened:
            for folder in ("INBOX", HANDLED):
                if opened.select(folder)[1] == [b"0"]:
                    continue
                opened.store("1:*", "+FLAGS", r"(\Deleted)")
                opened.expunge()

    def put(self, *messages: bytes) -> None:
        """Delivers messages."""
        with self.mailbox() as opened:
            for message in messages:
                opened.append("INBOX", "", imaplib.Time2Internaldate(time.time()), message)

    def count(self, criterion: str = "ALL", folder: str = "INBOX") -> int:
        """How many messages of a folder fit, such as `UNSEEN`."""
        with self.mailbox() as opened:
            opened.select(folder, readonly=True)
            return len(opened.search(None, criterion)[1][0].split())


@contextmanager
def imap_server() -> Iterator[ImapServer]:
    """Starts the server; it ends with the tests, even where these are killed."""
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None or not Path("/usr/lib/dovecot/imap").exists():
        raise RuntimeError(INSTALL)
    with (
        kept_port() as port,
        kept_port() as tls_port,
        tempfile.TemporaryDirectory(
            prefix="attest-imap-", dir="/tmp", ignore_cleanup_errors=True
        ) as name,
    ):
        folder = Path(name)
        user = _whoever_runs_it()
        authority = certificate(folder)
        users = folder / "users"
        users.write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
        settings = folder / "dovecot.conf"
        settings.write_text(
            SETTINGS.format(
                folder=folder,
                user=user.pw_name,
                uid=user.pw_uid,
                gid=user.pw_gid,
                group=grp.getgrgid(user.pw_gid).gr_name,
                certificate=authority,
                port=port,
                tls_port=tls_port,
                handled=HANDLED,
            )
        )
        for path in (folder, users, settings, authority):
            os.chown(path, user.pw_uid, user.pw_gid)
        become = _become(user)
        process = subprocess.Popen(
            ["setpriv", *become, "--pdeathsig=TERM", "--", program, "-F", "-c", str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
        )
        server = ImapServer(port, tls_port, authority)
        try:
            _wait_for(server, process, folder / "log")
            yield server
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _whoever_runs_it() -> pwd.struct_passwd:
    """Dovecot serves no mailbox of root's: there it runs as nobody."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _become(user: pwd.struct_passwd) -> list[str]:
    if os.geteuid() != 0:
        return []
    return [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


def _wait_for(server: ImapServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, server.tls_port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    said = log.read_text(errors="replace") if log.exists() else "nothing"
    raise RuntimeError(f"Dovecot did not start:\n{said}")
