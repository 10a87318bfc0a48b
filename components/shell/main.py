"""The main script: runs at every visit and every change, on whichever page."""

from components import shell

if __name__ == "__main__":
    shell.run()
