"""What the language means, case by case, in files that people can read (see `read.py`)."""
