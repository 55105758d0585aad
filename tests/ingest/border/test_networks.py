"""Which network an address belongs to."""

from __future__ import annotations

import pytest

from ingest.border.networks import network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("8.8.4.4", "8.8.4.0/24"),
        ("8.8.4.255:443", "8.8.4.0/24"),
        (" 8.8.4.4 , 10.0.0.1", "8.8.4.0/24"),
        ("::ffff:8.8.4.4", "8.8.4.0/24"),
        ("2600:1f18:22:77::5", "2600:1f18:22::/48"),
        ("[2600:1f18:22:99::1]:443", "2600:1f18:22::/48"),
    ],
)
def test_addresses_of_one_network_give_one_network(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    "text",
    ["0.0.0.0", "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "100.64.0.1", "169.254.1.1", "224.0.0.1",
     "::1", "fe80::1", "fd00::1", "unknown", "", "8.8.4", "8.8.4.4.4", "[]", ":"],
)  # fmt: skip
def test_what_tells_no_network_apart_gives_none(text: str) -> None:
    assert network_of(text) is None
