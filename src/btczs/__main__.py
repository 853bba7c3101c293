"""`python -m btczs` is the `btczs` command."""

from btczs.cli import main

if __name__ == "__main__":
    main()
