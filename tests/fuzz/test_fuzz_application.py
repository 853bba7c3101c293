"""Mutated proposals into the chain: refused with a type, no trace, and the chain goes on."""

# ruff: noqa: PT017  (either outcome of an input is right; an error must be typed)

from chain_kit import Kit
from corpus import certificates, l1_updates, make_proposal
from mutations import ROUNDS, bounded, make_random, mutate_bytes

from btczs.engine.application import ProposalRefused
from btczs.node.chain.messages import Kind, wrap
from btczs.primitives import InvalidInput


def test_mutated_proposals() -> None:
    kit, rng = Kit(), make_random("application")
    kit.start()
    good = make_proposal(kit, 0)
    kit.chain.process_proposal(kit.now, [good])
    messages = [good, wrap(Kind.L1_UPDATE, l1_updates()[0])]
    messages += [wrap(Kind.CERTIFICATE, raw) for raw in certificates()]
    before = kit.chain.info(), kit.chain.tip
    for case in range(200 * ROUNDS):
        chosen = [mutate_bytes(rng, rng.choice(messages), good) for _ in range(rng.choice((1, 2)))]
        if all(message in messages for message in chosen):  # nothing has changed
            continue
        with bounded(f"application case {case}: {[raw.hex() for raw in chosen]}"):
            try:
                kit.chain.process_proposal(kit.now, chosen)
            except ProposalRefused as error:
                assert error.code
            else:
                raise AssertionError("a changed proposal was accepted")
            try:
                kit.chain.check_tx(chosen[0])
            except InvalidInput as error:
                assert error.code
            assert (kit.chain.info(), kit.chain.tip) == before
    height = kit.chain.tip.height
    kit.chain.process_proposal(kit.now, [good])
    kit.engine.submit(good)
    kit.settle()
    assert kit.chain.tip.height == height + 1
    kit.mine_l1()
