"""Every native function and form, by the word and by the version of the language."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from btczs.vm.clarity.analysis.checker import (
    allowances,
    calls,
    control,
    conversions,
    iteration,
    options,
    sequences,
    storage,
    tuples,
)
from btczs.vm.clarity.analysis.checker.assets import ASSETS
from btczs.vm.clarity.analysis.checker.btcz import BTCZ, EXTENSION
from btczs.vm.clarity.analysis.checker.chain import BLOCK_INFO_1, CHAIN
from btczs.vm.clarity.analysis.checker.signatures import Handler
from btczs.vm.clarity.analysis.checker.simple import CLARITY_1, EXPECTING, SIMPLE
from btczs.vm.clarity.names import ClarityVersion, natives_of

_FORMS: Final[dict[str, Handler]] = {
    "if": control.check_if,
    "let": control.check_let,
    "begin": control.check_begin,
    "match": control.check_match,
    "is-eq": control.check_equal,
    "print": control.check_passed,
    "as-contract": control.check_passed,
    "at-block": control.check_at_block,
    "some": options.check_some,
    "ok": options.check_ok,
    "err": options.check_err,
    "is-ok": options.check_is_response,
    "is-err": options.check_is_response,
    "is-some": options.check_is_optional,
    "is-none": options.check_is_optional,
    "default-to": options.check_default_to,
    "asserts!": options.check_asserts,
    "unwrap!": options.check_unwrap,
    "unwrap-err!": options.check_unwrap_err,
    "unwrap-panic": options.check_unwrap_panic,
    "unwrap-err-panic": options.check_unwrap_err_panic,
    "try!": options.check_try,
    "list": sequences.check_list,
    "append": sequences.check_append,
    "concat": sequences.check_concat,
    "as-max-len?": sequences.check_as_max_len,
    "len": sequences.check_len,
    "element-at": sequences.check_element_at,
    "element-at?": sequences.check_element_at,
    "index-of": sequences.check_index_of,
    "index-of?": sequences.check_index_of,
    "slice?": sequences.check_slice,
    "replace-at?": sequences.check_replace_at,
    "map": iteration.check_map,
    "filter": iteration.check_filter,
    "fold": iteration.check_fold,
    "tuple": tuples.check_tuple,
    "get": tuples.check_get,
    "merge": tuples.check_merge,
    "var-get": storage.check_var_get,
    "var-set": storage.check_var_set,
    "map-get?": storage.check_map_get,
    "map-set": storage.check_map_put,
    "map-insert": storage.check_map_put,
    "map-delete": storage.check_map_delete,
    "to-ascii?": conversions.check_to_ascii,
    "to-consensus-buff?": conversions.check_to_consensus_buff,
    "from-consensus-buff?": conversions.check_from_consensus_buff,
    "principal-construct?": conversions.check_principal_construct,
    "contract-call?": calls.check_contract_call,
    "contract-of": calls.check_contract_of,
    "restrict-assets?": allowances.check_restrict_assets,
    "as-contract?": allowances.check_as_contract,
}

_ALLOWANCES: Final[dict[str, Handler]] = dict.fromkeys(
    allowances.PARAMETERS, allowances.check_misplaced
)

_ALL: Final[dict[str, Handler]] = {
    **SIMPLE,
    **EXPECTING,
    **ASSETS,
    **CHAIN,
    **_FORMS,
    **_ALLOWANCES,
}

_ONLY_IN_1: Final[dict[str, Handler]] = {**CLARITY_1, "get-block-info?": BLOCK_INFO_1}


@lru_cache
def natives_for(version: ClarityVersion) -> Mapping[str, Handler]:
    """The checks of every native that `version` has."""
    natives = {word: _ALL[word] for word in natives_of(version)}
    if version == 1:
        natives |= _ONLY_IN_1
    return natives


def natives_of_extensions(extensions: frozenset[str]) -> Mapping[str, Handler]:
    """The checks of the natives that only these extensions have. They are not reserved words."""
    return BTCZ if EXTENSION in extensions else {}
