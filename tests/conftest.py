"""What all tests share: the cases of the vector files, once collected, are no work for the collector
of garbage any more."""

import gc


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
