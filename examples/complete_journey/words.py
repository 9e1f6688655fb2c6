"""What people see instead of names: the labels that the policy's author wrote."""

from __future__ import annotations

from dataclasses import dataclass

import siyu
from siyu.syntax import ast


@dataclass(frozen=True, slots=True)
class Words:
    """Labels by name; `members` has the cases of a classify and the levels of a tier, in order."""

    declarations: dict[str, str]
    members: dict[str, dict[str, str]]

    def of(self, name: str) -> str:
        """The label of a declaration, or its name."""
        return self.declarations.get(name) or name


def words_of(policy: siyu.Policy) -> Words:
    """Collect the labels of a policy and all the files that it uses."""
    declarations = dict(policy.compiled.labels)
    members: dict[str, dict[str, str]] = {}
    for file in policy.files.values():
        for node in file.declarations:
            match node:
                case ast.Classify(name=name, cases=cases):
                    members[name.text] = {c.name.text: c.label or c.name.text for c in cases}
                case ast.Tier(name=name, levels=levels):
                    members[name.text] = {v.name.text: v.label or v.name.text for v in levels}
    return Words(declarations, members)
