"""The JSON shapes of the Stacks API: from our values to the fields that unmodified clients read.

Pure functions, one module per kind of thing: `transactions`, `events`, `blocks`, `accounts`.
Fields that begin with `btczs_` are additions. Where a field of the Stacks API has no meaning on
this chain it holds what Stacks itself answers for "none": an empty text, 0 or null.
"""
