"""The methods as data: name, arguments, function, and what `help` says."""

from collections.abc import Callable
from typing import Any, NamedTuple

from btczs.l1.regtest.node import RegtestNode
from btczs.l1.regtest.rpc import (
    address_methods,
    chain_methods,
    control_methods,
    mining_methods,
    pool_methods,
    transaction_methods,
)
from btczs.l1.regtest.rpc.faults import RpcCode, RpcFault
from btczs.l1.regtest.rpc.values import read_text

Function = Callable[[RegtestNode, list[Any]], Any]


class Method(NamedTuple):
    """`required` arguments must be given, `optional` ones may follow.

    `holds_lock`: the call sees one state of the node; not for calls that take long.
    """

    category: str
    function: Function
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    summary: str = ""
    holds_lock: bool = True

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def usage(self) -> str:
        words = [self.name, *self.required, *(f"( {name} )" for name in self.optional)]
        return " ".join(words)


def help(_node: RegtestNode, args: list[Any]) -> str:
    """`help` without an argument lists the methods by category."""
    if args:
        name = read_text(args[0])
        method = METHODS.get(name)
        if method is None:
            return f"help: unknown command: {name[:100]}\n"
        return f"{method.usage}\n\n{method.summary}\n"
    lines = []
    for category in sorted({method.category for method in METHODS.values()}):
        lines.append(f"== {category.capitalize()} ==")
        lines += sorted(m.usage for m in METHODS.values() if m.category == category)
        lines.append("")
    return "\n".join(lines)


_c, _t, _m, _a = chain_methods, transaction_methods, mining_methods, address_methods

_TABLE = (
    Method("blockchain", _c.getbestblockhash, summary="Hash of the tip of the active chain."),
    Method(
        "blockchain",
        _c.getblock,
        ('"hash|height"',),
        ("verbosity=1",),
        "A block: 0 its bytes as hex, 1 an object with txids, 2 with whole transactions.",
    ),
    Method("blockchain", _c.getblockchaininfo, summary="State of chain, upgrades and pools."),
    Method("blockchain", _c.getblockcount, summary="Height of the tip."),
    Method("blockchain", _c.getblockhash, ("height",), summary="Hash at a height; -1 is the tip."),
    Method(
        "blockchain",
        _c.getblockheader,
        ('"hash"',),
        ("verbose=true",),
        "A header: an object, or its bytes (with the solution) as hex.",
    ),
    Method("blockchain", _c.getchaintips, summary="All tips of the block tree and their status."),
    Method("blockchain", _c.getdifficulty, summary="Difficulty of the next block."),
    Method("blockchain", pool_methods.getmempoolinfo, summary="Size of the pool."),
    Method(
        "blockchain",
        pool_methods.getrawmempool,
        (),
        ("verbose=false",),
        "Ids of the transactions in the pool, or an object that describes each.",
    ),
    Method(
        "blockchain",
        _c.gettxout,
        ('"txid"', "n"),
        ("includemempool=true",),
        "An unspent output, or null.",
    ),
    Method("blockchain", _c.gettxoutsetinfo, summary="Number and total of the unspent outputs."),
    Method(
        "blockchain",
        _t.gettxoutproof,
        ('["txid",...]',),
        ('"blockhash"',),
        "Proof (hex) that the transactions are in a block: header and partial Merkle tree.",
    ),
    Method(
        "blockchain",
        _t.verifytxoutproof,
        ('"proof"',),
        summary="The txids that a proof proves; empty if it proves nothing.",
    ),
    Method("hidden", _c.invalidateblock, ('"hash"',), summary="Marks a block invalid."),
    Method("hidden", _c.reconsiderblock, ('"hash"',), summary="Takes such a mark back."),
    Method(
        "hidden",
        control_methods.setmocktime,
        ("timestamp",),
        summary="Stops the clock at a time; 0 lets it run again.",
    ),
    Method(
        "rawtransactions",
        _t.createrawtransaction,
        ('[{"txid":"id","vout":n},...]', '{"address":amount,"data":"hex",...}'),
        ("locktime=0", "expiryheight=nextblock+20"),
        "An unsigned transaction as hex.",
    ),
    Method("rawtransactions", _t.decoderawtransaction, ('"hex"',), summary="As an object."),
    Method("rawtransactions", _t.decodescript, ('"hex"',), summary="A script explained."),
    Method(
        "rawtransactions",
        _t.getrawtransaction,
        ('"txid"',),
        ("verbose=0", '"blockhash"'),
        "A transaction of pool or chain as hex, or as an object.",
    ),
    Method(
        "rawtransactions",
        _t.sendrawtransaction,
        ('"hex"',),
        ("allowhighfees=false",),
        "Puts a signed transaction into the pool; gives its txid.",
    ),
    Method(
        "mining",
        _m.getblocktemplate,
        (),
        ('{"mode":"template|proposal"}',),
        "What a miner needs to make the next block (BIP 22).",
    ),
    Method("mining", _m.getmininginfo, summary="State of mining."),
    Method(
        "mining",
        _m.submitblock,
        ('"hex"',),
        ("parameters",),
        "Takes a block in: null, or why it was not accepted.",
    ),
    Method(
        "generating",
        _m.generate,
        ("numblocks",),
        summary="Mines blocks at once, to the configured script; gives their hashes.",
        holds_lock=False,
    ),
    Method(
        "generating",
        _m.generatetoaddress,
        ("numblocks", '"address"'),
        summary="EXTENSION (not in bitcoinzd): the same, to an address.",
        holds_lock=False,
    ),
    Method(
        "util", _a.validateaddress, ('"address"',), summary="Whether it is one, and its script."
    ),
    Method(
        "addressindex",
        _a.getaddressbalance,
        ('"address"|{"addresses":[...]}',),
        summary="Balance and sum of all receipts, in zat.",
    ),
    Method(
        "addressindex",
        _a.getaddressmempool,
        ('"address"|{"addresses":[...]}',),
        summary="What waiting transactions do to addresses.",
    ),
    Method(
        "addressindex",
        _a.getaddresstxids,
        ('"address"|{"addresses":[...],"start":n,"end":n}',),
        summary="Transactions that touch addresses, by height.",
    ),
    Method(
        "addressindex",
        _a.getaddressutxos,
        ('"address"|{"addresses":[...],"chainInfo":b}',),
        summary="Unspent outputs of addresses, oldest first.",
    ),
    Method("network", control_methods.getnetworkinfo, summary="Versions and relay fee."),
)

METHODS: dict[str, Method] = {method.name: method for method in _TABLE}
METHODS["help"] = Method("control", help, (), ('"command"',), "This text.")


def call_method(node: RegtestNode, name: str, args: list[Any]) -> Any:
    """Runs a method. Raises `RpcFault`; other errors are the caller's to translate."""
    method = METHODS.get(name)
    if method is None:
        raise RpcFault(RpcCode.METHOD_NOT_FOUND, "Method not found")
    count_max = len(method.required) + len(method.optional)
    if not len(method.required) <= len(args) <= count_max:
        raise RpcFault(RpcCode.MISC_ERROR, f"{method.usage}\n\n{method.summary}\n")
    if not method.holds_lock:
        return method.function(node, args)
    with node.reading():
        return method.function(node, args)
