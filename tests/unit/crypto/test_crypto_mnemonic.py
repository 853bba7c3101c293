"""BIP-39 mnemonics: published vectors and helpful errors."""

import hashlib
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from btczs.crypto.mnemonic import (
    WORD_LIST_SHA256,
    InvalidMnemonic,
    mnemonic_from_entropy,
    mnemonic_generate,
    mnemonic_to_entropy,
    mnemonic_to_seed,
    mnemonic_verify,
    word_list,
)

ABOUT = "abandon " * 11 + "about"

# From the vectors of BIP-39 (passphrase TREZOR): entropy, mnemonic, seed.
PUBLISHED = [
    (
        "00000000000000000000000000000000",
        ABOUT,
        "c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141"
        "630c7a3c4ab7c81b2f001698e7463b04",
    ),
    (
        "7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f7f",
        "legal winner thank year wave sausage worth useful legal winner thank yellow",
        "2e8905819b8723fe2c1d161860e5ee1830318dbf49a83bd451cfb8440c28bd6fa457fe1296106559a3c80937a1c1069b"
        "e3a3a5bd381ee6260e8d9739fce1f607",
    ),
    (
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "zoo " * 23 + "vote",
        "dd48c104698c30cfe2b6142103248622fb7bb0ff692eebb00089b32d22484e1613912f0a5b694407be899ffd31ed3992"
        "c456cdf60f5d4564b8ba3f05a69890ad",
    ),
]


@pytest.mark.parametrize(("entropy", "mnemonic", "seed"), PUBLISHED)
def test_published_vectors(entropy: str, mnemonic: str, seed: str) -> None:
    assert mnemonic_from_entropy(bytes.fromhex(entropy)) == mnemonic
    assert mnemonic_to_entropy(mnemonic).hex() == entropy
    assert mnemonic_to_seed(mnemonic, "TREZOR").hex() == seed


def test_the_word_list_is_the_published_one() -> None:
    raw = resources.files("btczs.crypto").joinpath("bip39_english.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == WORD_LIST_SHA256
    assert len(word_list()) == 2048
    assert list(word_list()) == sorted(set(word_list()))


@settings(max_examples=50)
@given(st.sampled_from([16, 20, 24, 28, 32]), st.data())
def test_entropy_round_trip(length: int, data: st.DataObject) -> None:
    entropy = data.draw(st.binary(min_size=length, max_size=length))
    mnemonic = mnemonic_from_entropy(entropy)
    assert len(mnemonic.split()) == length * 3 // 4
    assert mnemonic_to_entropy(mnemonic) == entropy


@pytest.mark.parametrize("words", [12, 15, 18, 21, 24])
def test_generated_mnemonics_are_valid_and_differ(words: int) -> None:
    first, second = mnemonic_generate(words), mnemonic_generate(words)
    mnemonic_verify(first)
    assert len(first.split()) == words
    assert first != second


def test_case_and_spacing_do_not_matter() -> None:
    untidy = "  " + ABOUT.upper().replace(" ", "\n ") + "\t"
    assert mnemonic_to_seed(untidy, "x") == mnemonic_to_seed(ABOUT, "x")


def test_the_passphrase_is_normalised() -> None:
    composed, decomposed = "\u00e9", "e\u0301"
    assert composed != decomposed
    assert mnemonic_to_seed(ABOUT, composed) == mnemonic_to_seed(ABOUT, decomposed)
    assert mnemonic_to_seed(ABOUT, composed) != mnemonic_to_seed(ABOUT, "e")


def test_an_unknown_word_is_named_with_its_position_and_a_suggestion() -> None:
    with pytest.raises(InvalidMnemonic) as caught:
        mnemonic_verify(ABOUT.replace("about", "abuot"))
    assert caught.value.position == 12
    assert "'abuot'" in str(caught.value)
    assert "about" in str(caught.value).partition("did you mean")[2]


@pytest.mark.parametrize("words", [0, 1, 11, 13, 23, 25, 48])
def test_another_number_of_words_is_refused(words: int) -> None:
    with pytest.raises(InvalidMnemonic, match="12, 15, 18, 21 or 24"):
        mnemonic_verify("abandon " * words)


def test_a_wrong_checksum_is_refused() -> None:
    with pytest.raises(InvalidMnemonic, match="checksum"):
        mnemonic_verify("abandon " * 12)
    with pytest.raises(InvalidMnemonic, match="checksum"):
        mnemonic_to_seed("abandon " * 12)


@given(st.text(max_size=2000))
def test_any_text_gives_a_typed_error(text: str) -> None:
    with pytest.raises(InvalidMnemonic):
        mnemonic_verify(text)


@pytest.mark.parametrize("length", [0, 15, 17, 18, 33, 64])
def test_entropy_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidMnemonic):
        mnemonic_from_entropy(bytes(length))


@pytest.mark.parametrize("words", [0, 11, 13, 25])
def test_generating_another_number_of_words_is_refused(words: int) -> None:
    with pytest.raises(InvalidMnemonic):
        mnemonic_generate(words)
