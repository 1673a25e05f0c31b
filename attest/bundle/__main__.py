"""`python -m attest.bundle BUNDLE --trust TRUST`: verifies with PyNaCl alone installed."""

from attest.bundle.command import main

if __name__ == "__main__":
    main()
