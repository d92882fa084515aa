"""Which addresses are of the public internet."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dataflow.media.network_guard import is_public


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.1",
     "2002:7f00:1::", "64:ff9b::7f00:1", "no address", "::7f00:1", "::127.0.0.1", "::808:808", "::ffff:0:7f00:1",
     "::ffff:0:808:808", "64:ff9b:1::808:808", "fec0::1", "192.88.99.1", "192.0.0.9", "192.0.0.170", "5f00::1",
     "3fff::1", "100:0:0:1::1", "2606:4700::5efe:a00:1", "2606:4700::200:5efe:a00:1", "2001:0:808:808::f5ff:fffe"],
)  # fmt: skip
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2606:4700::5efe:808:808"],
)
def test_addresses_that_are_public(address):
    assert is_public(address)


WRAPS = (
    "::",
    "::ffff:0:0",
    "::ffff:0:0:0",
    "64:ff9b::",
    "64:ff9b:1::",
    "2606:4700::5efe:0:0",
    "2606:4700::200:5efe:0:0",
)


@given(
    st.sampled_from(WRAPS),
    st.sampled_from(["127.0.0.0", "10.0.0.0", "169.254.0.0", "192.168.0.0"]),
    st.integers(0, 65535),
)
def test_no_wrapping_makes_a_private_address_public(wrap: str, network: str, host: int) -> None:
    assert not is_public(str(IPv6Address(int(IPv6Address(wrap)) + int(IPv4Address(network)) + host)))
