"""A first schema out of data files: what was seen, what it may mean, and what people must decide.

Files are observed (`observe`), columns and tables guessed at (`columns`, `tables`), and a draft is
written (`draft`) or laid over a schema file that people have worked on (`again`).
"""
