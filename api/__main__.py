"""`python -m api`: the command line, for checkouts without the installed `matchgraph` script."""

from api.cli import main

if __name__ == "__main__":
    main()
