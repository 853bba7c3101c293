"""The worked example of SIP-018: hashes and signature of "Hello World" under "Test App".

Everything that the example leads to must stand in the recorded list. The roots of Stacks' own state tree (`marf_regression_roots`) do not apply: this chain's state has another tree.
"""

from vector_files import load

from btczs.codec.clarity.structured import (
    compute_structured_digest,
    hash_structured,
    make_domain,
)
from btczs.codec.clarity.values import AsciiValue
from btczs.crypto.secp256k1 import compute_public_key, recover, sign_recoverable


def test_the_example_of_the_text() -> None:
    recorded = load("stacks/core_fixture_vectors.json")["sip018_hex_in_spec"]
    domain, message = make_domain("Test App", "1.0.0", 1), AsciiValue("Hello World")
    digest = compute_structured_digest(domain, message)
    (secret,) = [bytes.fromhex(h)[:32] for h in recorded if len(h) == 66 and h.endswith("01")][:1]
    signature = sign_recoverable(secret, digest)
    assert recover(signature, digest) == compute_public_key(secret)
    derived = {
        hash_structured(domain).hex(),
        hash_structured(message).hex(),
        digest.hex(),
        secret.hex() + "01",
        compute_public_key(secret).hex(),
        (signature[1:] + signature[:1]).hex(),
    }
    assert derived <= set(recorded)
