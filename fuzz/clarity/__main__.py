"""`python -m fuzz.clarity`."""

from fuzz.clarity.run import main

if __name__ == "__main__":
    main()
