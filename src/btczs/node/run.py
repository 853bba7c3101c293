"""Running a node from its configuration file until somebody stops it."""

import asyncio
import logging
import signal
from pathlib import Path

from btczs.node.config import load_settings
from btczs.node.runtime import Node

log = logging.getLogger(__name__)


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


async def run_until(node: Node, stop: asyncio.Event) -> None:
    """Runs the node's loops until `stop` is set; an error of ours ends them and is raised."""
    running = asyncio.create_task(node.run(), name="node")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if running.done():
        running.result()
    running.cancel()
    await asyncio.wait({running})
