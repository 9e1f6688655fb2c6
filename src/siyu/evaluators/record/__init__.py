"""A policy as flat Python source, for one record at a time.

The source is what a good programmer would write by hand: local variables, plain operators where
nothing can be unknown, one test where something can, one loop over each collection. It contains no
text of an author or a record: names are numbered, texts and sets are constants kept beside it.
"""

from siyu.evaluators.record.compiled import Compiled, Generated, compile_record, generate

__all__ = ["Compiled", "Generated", "compile_record", "generate"]
