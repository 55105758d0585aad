"""The network that an IP address belongs to: enough to see that many clients are one, too little to be a person."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

PREFIX_BITS: Final = {4: 24, 6: 48}
"""What a household or an office gets at least (RFC 6177 for version 6)."""


def network_of(text: str) -> str | None:
    """Return the /24 (version 4) or /48 (version 6) of an address, None where it tells no network apart.

    Taken: addresses with or without a port, and lists such as `X-Forwarded-For`, of which the first counts. None for
    what is no address, and for those that are no place in the internet: 0.0.0.0, loopback, private, documentation.

    >>> network_of("8.8.4.4:443"), network_of("2600:1f18:22:77::5, 10.0.0.1"), network_of("192.168.1.20")
    ('8.8.4.0/24', '2600:1f18:22::/48', None)
    """
    first = text.partition(",")[0].strip()
    address = _address(first) or _address(first.rpartition(":")[0].strip("[]"))
    if address is None or not address.is_global or address.is_multicast:
        return None
    return str(ip_network((address, PREFIX_BITS[address.version]), strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
