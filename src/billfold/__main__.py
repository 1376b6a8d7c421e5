"""Run the command line: ``python -m billfold``."""

from billfold.cli import main

if __name__ == "__main__":
    main()
