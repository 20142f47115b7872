#!/usr/bin/env python3
"""Checks that every target declares the modules of this package that it imports.

A build that runs many jobs at once finds an undeclared module only by luck: it is there when
something else asked for it earlier. SwiftPM's --explicit-target-dependency-import-check does not
look at tests.
"""

import json
import pathlib
import re
import subprocess
import sys

IMPORT = re.compile(
    r"^\s*(?:(?:@\w+|public|package|internal|private|fileprivate)\s+)*import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)",
    re.MULTILINE,
)


def main() -> int:
    described = subprocess.run(
        ["swift", "package", "dump-package"], check=True, capture_output=True, text=True
    )
    targets = json.loads(described.stdout)["targets"]
    names = {target["name"] for target in targets}
    wrong = 0
    for target in targets:
        declared = {
            dependency[kind][0]
            for dependency in target["dependencies"]
            for kind in ("byName", "target", "product")
            if kind in dependency
        }
        folder = target.get("path") or (
            ("Tests/" if target["type"] == "test" else "Sources/") + target["name"]
        )
        for source in sorted(pathlib.Path(folder).rglob("*.swift")):
            for module in IMPORT.findall(source.read_text()):
                if module in names - declared - {target["name"]}:
                    print(f"{source}: {target['name']} imports {module}, which Package.swift "
                          f"does not list among its dependencies.")
                    wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
