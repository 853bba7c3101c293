"""Hypothesis strategies: any transaction that has a wire form, signed or not."""

from hypothesis import strategies as st

from btczs.codec.clarity.values import (
    AsciiValue,
    BoolValue,
    BufferValue,
    ContractPrincipal,
    IntValue,
    ListValue,
    NoneValue,
    OkValue,
    Principal,
    SomeValue,
    StandardPrincipal,
    TupleValue,
    UIntValue,
    Utf8Value,
    Value,
)
from btczs.ledger.transactions import (
    Coinbase,
    CoinbaseToAlt,
    ContractCall,
    NakamotoCoinbase,
    PoisonMicroblock,
    SmartContract,
    TenureChange,
    TokenTransfer,
    Transaction,
)
from btczs.ledger.transactions.conditions import (
    MULTI_SIG_KEYS_MAX,
    MULTI_SIG_MODES,
    SINGLE_SIG_MODES,
    MultiSigCondition,
    PublicKeyField,
    SignatureField,
    SingleSigCondition,
    SponsoredAuth,
    StandardAuth,
)
from btczs.ledger.transactions.payloads import MUST_BE_ANCHORED
from btczs.ledger.transactions.post_conditions import (
    AMOUNT_CODES,
    NFT_CODES,
    POX_CODES,
    AssetInfo,
    FungiblePostCondition,
    NonFungiblePostCondition,
    PoxPostCondition,
    StakingPostCondition,
    StxPostCondition,
)


def sized(count: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=count, max_size=count)


u8, u16, u32 = st.integers(0, 2**8 - 1), st.integers(0, 2**16 - 1), st.integers(0, 2**32 - 1)
u64 = st.integers(0, 2**64 - 1)
contract_names = st.from_regex(r"[a-zA-Z][a-zA-Z0-9_-]{0,39}", fullmatch=True)
clarity_names = st.one_of(
    st.from_regex(r"[a-zA-Z][a-zA-Z0-9_!?+<>=/*-]{0,127}", fullmatch=True),
    st.sampled_from(["+", "-", "*", "/", "=", "<", "<=", ">", ">="]),
)
code = st.text(st.sampled_from([*map(chr, range(0x20, 0x7F)), "\t", "\n"]), max_size=300)

standard = st.builds(StandardPrincipal, st.integers(0, 31), sized(20))
contracts = st.builds(ContractPrincipal, st.integers(0, 31), sized(20), contract_names)
principals: st.SearchStrategy[Principal] = st.one_of(standard, contracts)

flat_values: st.SearchStrategy[Value] = st.one_of(
    st.builds(IntValue, st.integers(-(2**127), 2**127 - 1)),
    st.builds(UIntValue, st.integers(0, 2**128 - 1)),
    st.builds(BufferValue, st.binary(max_size=40)),
    st.builds(BoolValue, st.booleans()),
    principals,
    st.builds(NoneValue),
    st.builds(AsciiValue, code),
    st.builds(Utf8Value, st.text(st.characters(exclude_categories=["Cs"]), max_size=30)),
)


def _nest(values: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    fields = st.dictionaries(clarity_names, values, min_size=1, max_size=4)
    return st.one_of(
        st.builds(OkValue, values),
        st.builds(SomeValue, values),
        st.builds(lambda v, n: ListValue((v,) * n), values, st.integers(0, 4)),
        fields.map(lambda d: TupleValue(tuple(sorted(d.items())))),
    )


values = st.recursive(flat_values, _nest, max_leaves=8)

assets = st.builds(AssetInfo, contracts, clarity_names)
whose = st.one_of(st.none(), principals)
amount_codes = st.sampled_from(sorted(AMOUNT_CODES))
post_conditions = st.one_of(
    st.builds(StxPostCondition, whose, amount_codes, u64),
    st.builds(FungiblePostCondition, whose, assets, amount_codes, u64),
    st.builds(NonFungiblePostCondition, whose, assets, values, st.sampled_from(sorted(NFT_CODES))),
    st.builds(StakingPostCondition, whose, amount_codes, u64),
    st.builds(PoxPostCondition, whose, st.sampled_from(sorted(POX_CODES))),
)

payloads = st.one_of(
    st.builds(TokenTransfer, principals, u64, sized(34)),
    st.builds(SmartContract, st.none() | st.integers(1, 6), contract_names, code),
    st.builds(
        ContractCall,
        standard,
        contract_names,
        clarity_names,
        st.lists(values, max_size=4).map(tuple),
    ),
    st.builds(PoisonMicroblock, sized(132), sized(132)),
    st.builds(Coinbase, sized(32)),
    st.builds(CoinbaseToAlt, sized(32), principals),
    st.builds(
        TenureChange,
        sized(20),
        sized(20),
        sized(20),
        sized(32),
        u32,
        st.integers(0, 6),
        sized(20),
    ),
    st.builds(NakamotoCoinbase, sized(32), st.none() | principals, sized(80)),
)

single_conditions = st.builds(
    SingleSigCondition,
    st.sampled_from(sorted(SINGLE_SIG_MODES)),
    sized(20),
    u64,
    u64,
    st.integers(0, 1),
    sized(65),
)
auth_fields = st.one_of(
    st.builds(PublicKeyField, st.booleans(), sized(33)),
    st.builds(SignatureField, st.booleans(), sized(65)),
)
multi_conditions = st.builds(
    MultiSigCondition,
    st.sampled_from(sorted(MULTI_SIG_MODES)),
    sized(20),
    u64,
    u64,
    st.lists(auth_fields, max_size=MULTI_SIG_KEYS_MAX).map(tuple),
    u16,
)
conditions = st.one_of(single_conditions, multi_conditions)
auths = st.one_of(
    st.builds(StandardAuth, conditions), st.builds(SponsoredAuth, conditions, conditions)
)


@st.composite
def transactions(draw: st.DrawFn) -> Transaction:
    payload = draw(payloads)
    anchored = isinstance(payload, MUST_BE_ANCHORED)
    return Transaction(
        draw(u8),
        draw(u32),
        draw(auths),
        1 if anchored else draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
        tuple(draw(st.lists(post_conditions, max_size=3))),
        payload,
    )
