"""`python -m siyu` is the command `siyu`."""

from siyu.faces.cli import main

if __name__ == "__main__":
    main()
