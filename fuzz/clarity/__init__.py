"""Coverage-guided fuzzing of Clarity: the reader, the analysis and the codec of values.

- `fuzz_reader`, `fuzz_analysis`, `fuzz_codec`: what each target promises about any input; a broken
  promise is an exception. They need nothing but btczs and are also how the corpus is replayed.
- `engine`: one process that feeds a target (needs atheris). `run`: divides the time over targets.
- `mutate`, `dictionary`, `seeds`: programs to start from, and ways to change them.
- `targets`: names to functions, and places of corpora. `findings`: what goes wrong, kept as files.

Entry points: `python -m fuzz.clarity --target reader --minutes 60`, and the test
`tests/fuzz/test_fuzz_clarity_corpus.py`, which replays the corpus.
"""
