"""VRF proofs of draft 04 and the encodings that the reference accepts or refuses."""

from typing import Any

import pytest
from vector_files import cases

from btczs.crypto.errors import InvalidProof
from btczs.crypto.vrf import verify_vrf_proof_encoding, vrf_prove, vrf_public_key, vrf_verify

FILE = "stacks/core_fixture_vectors.json"


@pytest.mark.parametrize("case", cases(FILE, "vrf_draft04"), ids=lambda case: case["sk"][:16])
def test_proof(case: dict[str, Any]) -> None:
    secret, alpha, proof = (bytes.fromhex(case[key]) for key in ("sk", "alpha", "pi"))
    assert vrf_prove(secret, alpha) == proof
    public = vrf_public_key(secret)
    assert len(vrf_verify(public, alpha, proof)) == 64
    with pytest.raises(InvalidProof):
        vrf_verify(public, alpha + b"\0", proof)


@pytest.mark.parametrize("case", cases(FILE, "vrf_codec"), ids=lambda case: case["pi"][:16])
def test_encoding(case: dict[str, Any]) -> None:
    proof = bytes.fromhex(case["pi"])
    if case["ok"]:
        verify_vrf_proof_encoding(proof)
    else:
        with pytest.raises(InvalidProof):
            verify_vrf_proof_encoding(proof)
