"""OpenStack Swift with its S3 interface, all of it in one process.

Run by the Python of Debian's package python3-swift, not by the tests' own (tests/s3_server.py):

    /usr/bin/python3 -P tests/swift_server.py FOLDER USER KEY REGION

It keeps one copy of everything in FOLDER, prints its port on a line, and serves until it is ended.
"""

import sys
from pathlib import Path

import eventlet
import eventlet.wsgi
from swift.common import utils
from swift.common.ring import RingBuilder
from swift.common.wsgi import SwiftHttpProtocol, loadapp

BACKENDS = ("account", "container", "object")
DISK = "disk"

COMMON = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}
mount_check = false
disable_fallocate = true
fallocate_reserve = 0
log_level = CRITICAL
"""
BACKEND = """
[app:main]
use = egg:swift#{kind}
conn_timeout = 20
node_timeout = 60
container_update_timeout = 60
"""
# What Swift's own guide to its S3 interface names as the least.
PROXY = """
[pipeline:main]
pipeline = catch_errors gatekeeper listing_formats s3api tempauth bulk slo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_{user} = {key} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
conn_timeout = 20
node_timeout = 60
"""


class NothingCached:
    """In the place of memcached, which Swift asks before it looks."""

    def get(self, *_args, **_options):
        """There is never anything."""

    set = incr = decr = delete = get


def main(folder: Path, user: str, key: str, region: str) -> None:
    """Serves until the process is ended. `user` is an account and a name, with a colon."""
    utils.eventlet_monkey_patch()
    (folder / "swift.conf").write_text("[swift-hash]\nswift_hash_path_suffix = tests\n")
    (folder / DISK).mkdir()
    utils.set_swift_dir(str(folder))
    sockets = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in BACKENDS}
    for kind, socket in sockets.items():
        ring(folder, kind, socket.getsockname()[1])
    for kind, socket in sockets.items():
        written = write(folder, kind, BACKEND.format(kind=kind))
        eventlet.spawn(serve, socket, loadapp(written))
    names = {"user": user.replace(":", "_"), "key": key, "region": region}
    proxy = loadapp(write(folder, "proxy", PROXY.format(**names)))

    def without_cache(environ, start_response):
        return proxy(environ | {"swift.cache": NothingCached()}, start_response)

    front = eventlet.listen(("127.0.0.1", 0))
    print(front.getsockname()[1], flush=True)
    serve(front, without_cache)


def ring(folder: Path, kind: str, port: int) -> None:
    """Says that everything of a kind lies on our one disk, behind that port."""
    builder = RingBuilder(1, 1, 0)
    where = {"ip": "127.0.0.1", "port": port, "device": DISK}
    builder.add_dev({"region": 1, "zone": 1, "weight": 1.0, **where})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def write(folder: Path, kind: str, settings: str) -> str:
    """A server's settings as a file; its path."""
    path = folder / f"{kind}.conf"
    path.write_text(COMMON.format(folder=folder) + settings)
    return str(path)


def serve(socket, app) -> None:
    """As swift.common.wsgi.run_server does."""
    eventlet.wsgi.server(
        socket,
        app,
        utils.NullLogger(),
        protocol=SwiftHttpProtocol,
        capitalize_response_headers=False,
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
