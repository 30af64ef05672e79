"""Which URLs may be called, by their form alone: checked on save, on test and before every call.

`guard.py` checks where the name leads. Both are needed: each has a hole that the other closes.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

MOST_CHARACTERS = 2048
PUBLIC_SUFFIXES = (".gov.uk", ".police.uk", ".nhs.uk")
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# 0x7f.1 and 2130706433 are addresses to many resolvers, and no public suffix ends so.
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_LOOPBACK = re.compile(r"http://(?:127\.0\.0\.1|localhost):[0-9]{2,5}/[\x21-\x22\x24-\x5b\x5d-\x7e]*")


@dataclass(frozen=True, slots=True)
class UrlRules:
    """What an agency may register: hosts and suffixes (a leading dot), and whether loopback is open for development."""

    hosts: Collection[str]
    loopback_http: bool = False


def why_refused(url: str, rules: UrlRules) -> str | None:
    """Returns why a URL may not be called, in a sentence that repeats nothing of it; None when its form is sound."""
    if rules.loopback_http and _LOOPBACK.fullmatch(url):
        return None
    if len(url) > MOST_CHARACTERS or not _PRINTABLE.fullmatch(url) or "\\" in url:
        return f"an address has at most {MOST_CHARACTERS} printable ASCII characters and no backslash"
    if not url.startswith("https://") or "#" in url:
        return "an address begins with https:// and holds no fragment"
    try:
        parts, also_read_as = urlsplit(url), httpx.URL(url).host
    except (ValueError, httpx.InvalidURL):
        return "the address cannot be read"
    host = parts.hostname or ""
    # Against what was written, not only what was parsed: hooks.gov.uk@evil.example seems to name another host.
    if parts.netloc.lower() not in {host, f"{host}:443"}:
        return "an address names a host and nothing else: no user name, no password, no port but 443"
    return _why_host_refused(host, also_read_as, rules)


def _why_host_refused(host: str, also_read_as: str, rules: UrlRules) -> str | None:
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):  # noqa: PLR2004
        return "the host is a name of two or more labels of letters, digits and hyphens"
    if _NUMERIC.fullmatch(labels[-1]):
        return "the host is a name, not an address"
    # Two parsers read the address. Where they differ, another host than the checked one could be called.
    if host != also_read_as:
        return "the host reads differently to different readers"
    if not is_allowed_host(host, rules.hosts):
        return "this host is not on your agency's list of hosts; an administrator can add it"
    return None


def is_allowed_host(host: str, allowed: Collection[str]) -> bool:
    """Returns whether the host is listed by name, or ends in a listed suffix (written with its dot)."""
    return any(host.endswith(entry) if entry.startswith(".") else host == entry for entry in allowed)
