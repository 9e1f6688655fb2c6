"""Write compiled.json from policy.lark and keywords.yaml: run it after either was edited."""

import json
from pathlib import Path

from siyu.syntax.compiled import pack, sources

if __name__ == "__main__":
    text = json.dumps(pack(*sources()), ensure_ascii=False, separators=(",", ":"))
    Path(__file__).with_name("compiled.json").write_text(text + "\n", encoding="utf-8")
