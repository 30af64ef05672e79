"""The receivers of docs/receiving.md, run as a partner would run them: a process, an inbox, an API key."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.node import ROOT, node

EXAMPLES = ROOT / "docs" / "receiving"
PACKAGES = ROOT / "node_modules"  # the stock verifier among them, as `make assets` installs it
PATIENCE_SECONDS = 30


@dataclass
class Example:
    """One of the guide's receivers in a folder of its own. `environment` is all that it is told."""

    command: list[str]
    environment: dict[str, str]
    inbox: Path
    url: str = ""
    said: str = ""

    def kept(self) -> dict[str, dict[str, Any]]:
        """The envelopes in the inbox by id."""
        with closing(sqlite3.connect(self.inbox, timeout=10)) as opened:
            return {row[0]: json.loads(row[1]) for row in opened.execute("SELECT id, envelope FROM inbox")}

    def unworked(self) -> int:
        with closing(sqlite3.connect(self.inbox, timeout=10)) as opened:
            return int(opened.execute("SELECT count(*) FROM inbox WHERE worked = 0").fetchone()[0])

    @contextmanager
    def serving(self, secret: str) -> Iterator["Example"]:
        """Listens at `url` until the block ends."""
        process = self._start("serve", secret)
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("listening at "), line
        self.url = f"http://127.0.0.1:{line.split()[-1]}/hooks"
        try:
            yield self
        finally:
            process.kill()
            self.said = process.communicate()[0]

    def catch_up(self, secret: str) -> str:
        """What the nightly job says."""
        process = self._start("catch-up", secret)
        said, _ = process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0, said
        return said

    def _start(self, what: str, secret: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.command, what],
            env=self.environment | {"WEBHOOK_SECRETS": secret},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def an_example(language: str, folder: Path, service_url: str, service_key: str) -> Example:
    """The receiver in this language, with an empty inbox; the JavaScript one beside the packages it imports."""
    told = {
        "SERVICE_URL": service_url,
        "SERVICE_KEY": service_key,
        "INBOX": str(folder / "inbox.db"),
        "PORT": "0",
        "PATH": os.environ["PATH"],
    }
    if language == "python":
        return Example([sys.executable, str(EXAMPLES / "receiver.py")], told, folder / "inbox.db")
    assert (PACKAGES / "standardwebhooks").is_dir(), "The stock verifier is missing: run `make assets`."
    (folder / "node_modules").symlink_to(PACKAGES)
    script = shutil.copy(EXAMPLES / "receiver.mjs", folder)
    return Example([str(node()), str(script)], told, folder / "inbox.db")
