"""`python -m proxy` is `equicache`."""

from proxy.cli.main import main

if __name__ == "__main__":
    main()
