"""What needs everyone: calibrations and allocations, as files that people can read.

After this stage the values that only a whole population has are constants of the program.
"""
