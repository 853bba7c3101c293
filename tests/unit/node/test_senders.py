"""The cache of verified transactions is bounded and forgets the oldest."""

from chain_kit import Kit
from test_chain import transfer

from btczs.node.chain.senders import SenderCache


def test_it_forgets_the_oldest_beyond_its_bytes() -> None:
    kit = Kit()
    raws = [transfer(kit, 0, 1, 5, nonce) for nonce in range(4)]
    cache = SenderCache(kit.network, bytes_max=2 * len(raws[0]))
    verified = cache.authenticate(raws)
    again = cache.authenticate(raws[2:])
    assert [a is b for a, b in zip(again, verified[2:], strict=True)] == [True, True]
    assert cache.authenticate(raws[:1])[0] is not verified[0]
