"""Which network addresses may be called. Deny by default; our own table, not the library's `is_global`.

Python 3.11's `is_global` lets 12 of our 35 hostile addresses pass, translated and mapped forms among them.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        # Microsoft Azure's own service address: no reserved range holds it, and it answers inside each virtual machine.
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
# 2001::/23 holds Teredo and 2002::/16 is 6to4: both carry an IPv4 address inside.
REFUSED_V6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
LOOPBACK = ("127.0.0.0/8", "::1/128")
Network = IPv4Network | IPv6Network


def parse_networks(written: Iterable[str]) -> tuple[Network, ...]:
    """Returns the networks from their CIDR notation. Raises `ValueError` when one is wrong."""
    return tuple(ip_network(text) for text in written)


def is_callable_address(text: str, allowed: Iterable[Network] = ()) -> bool:
    """Returns whether an address may be called: public, or in a network an administrator named for this endpoint.

    A scoped address, a mapped one, and anything that is not an address is refused.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    # A mapped address (::ffff:10.0.0.1) reaches an IPv4 address that the IPv6 table does not see.
    if isinstance(address, IPv6Address) and (address.scope_id or address.ipv4_mapped):
        return False
    if any(address.version == network.version and address in network for network in allowed):
        return True
    return _is_public_v4(address) if isinstance(address, IPv4Address) else _is_public_v6(address)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in REFUSED_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in PUBLIC_V6 and not any(address in network for network in REFUSED_V6)
