"""Looking for what breaks the rules that a contract states about itself.

Rules stand in comments of the contract, or in a file beside it (`token.invariants`):

    ;; @invariant supply-is-sum: (is-eq (ft-get-supply gold) @sum(balances))
    ;; @invariant only-grows: (>= (var-get count) @prev((var-get count)))
    ;; @prove fee-is-less (amount uint): (<= (fee-of amount) amount)
    ;; @never-aborts fee-of-anything (amount uint): (is-ok (fee amount))

- `@invariant` must be true after every call. It is *searched*: sequences of calls of public
  functions, with arguments that are likely to hurt, shrunk to the shortest that breaks it. Finding
  nothing proves nothing, and the verdict says so.
- `@prove` must be true for all values of its parameters for which it can be evaluated, and
  `@never-aborts` must be evaluated for all. Both are *proved* or *refuted* by an SMT solver, for
  functions over integers, booleans, optionals, responses and tuples; a refutation is replayed on
  the machine before it is believed.

Entry points: `read_rules`, `search_invariants`, `prove_rules`.
"""

from btczs.workbench.verify.spec import InvalidRule, Rule, read_rules
from btczs.workbench.verify.verdict import CallShown, Verdict

__all__ = ["CallShown", "InvalidRule", "Rule", "Verdict", "read_rules"]
