"""People who act without a pause, in a process that a test kills: see test_crash.py.

Reads what it needs as JSON from its first argument. Names each store on a line of its own once
the act is committed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import structlog

from attest.database.engine import make_engine
from attest.demo import script
from attest.demo.acting import Actor, Stage, tick
from attest.services.acts.draft_stores import StoreAnswers
from attest.services.instance import load_log_key
from attest.settings import Settings
from attest.signing import PrivateKey
from tests import stage as play


def main() -> None:
    """Acts until it is killed."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    told = json.loads(sys.argv[1])
    settings = Settings.load(
        Path(told["folder"]), environ={"ATTEST_DATABASE_URL": told["database_url"]}
    )
    stage = Stage(
        settings,
        make_engine(settings.database_url),
        load_log_key(settings),
        datetime.fromisoformat(told["now"]),
        told["reference"],
        {
            email: Actor(email, PrivateKey.from_seed(bytes.fromhex(seed)))
            for email, seed in told["seeds"].items()
        },
    )
    for number in count(1):
        stage.now += timedelta(minutes=2)
        label = f"Share {number}"
        play.name_store(stage, store=StoreAnswers(label, "electronic", "file_share"))
        print(label, flush=True)
        script.fill(stage, play.plain_answer(stage))
        script.attest_all(stage)
        tick(stage)
        script.review(stage, "accepted" if number % 2 else "rejected", "Look again.")
        tick(stage)


if __name__ == "__main__":
    main()
