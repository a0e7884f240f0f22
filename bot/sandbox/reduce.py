"""Makes `bot_api.json` from the whole published table: `python -m bot.sandbox.reduce FULL.json`.

The whole table is one object with `version`, `methods` (each with `parameters` and `returns`) and
`types` (each with `fields` or `one_of`). What is kept: the name of every method, the parameters
of those that the sandbox has, and the types that these parameters need.
"""

import json
import sys
from pathlib import Path
from typing import Any

from bot.sandbox.methods import METHODS

TARGET = Path(__file__).parent / "bot_api.json"


def reduced(full: dict[str, Any]) -> dict[str, Any]:
    """The part of the table that the sandbox checks requests against."""
    methods = {
        name: {
            parameter: _facts(facts)
            for parameter, facts in full["methods"][name]["parameters"].items()
        }
        for name in METHODS
    }
    types: dict[str, Any] = {}
    wanted = [t for parameters in methods.values() for f in parameters.values() for t in f["types"]]
    while wanted:
        name = wanted.pop().removeprefix("Array of ").removeprefix("Array of ")
        if name in types or name not in full["types"]:
            continue
        entry = full["types"][name]
        if "one_of" in entry:
            types[name] = {"one_of": entry["one_of"]}
            wanted += entry["one_of"]
        else:
            fields = {field: _facts(facts) for field, facts in entry.get("fields", {}).items()}
            types[name] = {"fields": fields}
            wanted += [t for facts in fields.values() for t in facts["types"]]
    return {
        "version": full["version"],
        "names": sorted(full["methods"]),
        "methods": methods,
        "types": dict(sorted(types.items())),
    }


def _facts(facts: dict[str, Any]) -> dict[str, Any]:
    return {"types": facts["types"], "required": facts["required"]}


if __name__ == "__main__":
    table = reduced(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
