"""Methods about the node itself."""

from typing import Any

from btczs.l1.regtest import limits
from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc.shapes import Json
from btczs.l1.regtest.rpc.values import read_int, render_amount, verify_types

PROTOCOL_VERSION = 770012
CLIENT_VERSION = 2_02_00_50
"""The release whose behaviour is followed."""


def getnetworkinfo(node: RegtestNode, _args: list[Any]) -> Json:
    return {
        "version": CLIENT_VERSION,
        "subversion": "/btczs-regtest:2.2.0/",
        "protocolversion": PROTOCOL_VERSION,
        "localservices": f"{0:016x}",
        "timeoffset": 0,
        "connections": 0,
        "networks": [],
        "relayfee": render_amount(limits.RELAY_FEE_ZAT_PER_KB),
        "localaddresses": [],
        "warnings": node.get_warnings(),
    }


def setmocktime(node: RegtestNode, args: list[Any]) -> None:
    verify_types(args, "number")
    node.set_mock_time(max(0, read_int(args[0], bits=33)))
