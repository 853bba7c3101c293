"""Makes `btczs` importable from its sources in this environment, and installs its command.

What `pip install --editable` does, without a build: a `.pth` file and a two-line script. It takes
milliseconds and needs no build tools in the lock file.
"""

import stat
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    paths = sysconfig.get_paths()
    Path(paths["purelib"], "btczs.pth").write_text(f"{ROOT / 'src'}\n")
    command = Path(paths["scripts"], "btczs")
    command.write_text(
        f"#!{sys.executable}\nimport sys\n\nfrom btczs.cli import main\n\nsys.exit(main())\n"
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


if __name__ == "__main__":
    main()
