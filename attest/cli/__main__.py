"""`python -m attest.cli`: the same as `attest`."""

from attest.cli import main

if __name__ == "__main__":
    main()
