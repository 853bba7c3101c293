"""Running a node from its configuration file until somebody stops it."""

import asyncio
import gc
import logging
import signal
from pathlib import Path

from btczs.node.config import load_settings
from btczs.node.runtime import Node

log = logging.getLogger(__name__)

GC_OBJECTS = 50_000


async def run_node(config: Path) -> None:
    """Starts the node that `config` describes; returns after SIGINT or SIGTERM.

    Raises what `config.load_settings` raises, and `Unavailable` if a port is taken.
    """
    settings = load_settings(config)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    node = Node(settings)
    try:
        await node.start()
        log.info("%s node of %s is running", settings.network.name, settings.data)
        await run_until(node, stop)
    finally:
        await node.stop()


def settle_memory() -> None:
    """Tells the garbage collector that what start-up has made stays, and to look less often.

    Blocks make many objects that live for one height and are freed by counting; looking for cycles
    among them every 700 objects costs a few percent of a node's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GC_OBJECTS, 20, 20)


async def run_until(node: Node, stop: asyncio.Event) -> None:
    """Runs the node's loops until `stop` is set; an error of ours ends them and is raised."""
    settle_memory()
    running = asyncio.create_task(node.run(), name="node")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if running.done():
        running.result()
    running.cancel()
    await asyncio.wait({running})
