"""Writes the two lead tables as DMN 1.3, for tools and partners that read it. The TOML stays the master.

Hit policy UNIQUE: the proof at load says that one and only one row applies, so every engine that follows the
standard gives the same lead. A row's cells are FEEL unary tests; "-" is any value. Several words are written
`? in (...)`, which engines that read FEEL and engines that read Python both accept.
"""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.routing.policy.columns import PERPETRATOR_COLUMNS, VICTIM_COLUMNS
from app.routing.policy.labels import due_name
from app.routing.policy.types import Condition, LeadRow, Policy

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
TABLES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "victim_lead": VICTIM_COLUMNS,
    "perpetrator_lead": PERPETRATOR_COLUMNS,
}
_OUTPUTS = ("row", "lead", "holder", "accept_within")


def dmn(policy: Policy, tables: Iterable[str] = tuple(TABLES)) -> str:
    """Returns the document with those tables: the same bytes for the same policy. Some engines open only one table."""
    rows = {"victim_lead": policy.victim_rows, "perpetrator_lead": policy.perpetrator_rows}
    wanted = [name for name in TABLES if name in set(tables)]
    root = Element(
        "definitions",
        {
            "xmlns": NAMESPACE,
            "id": f"policy_{policy.sha256[:16]}",
            "name": f"{policy.id} {policy.version}",
            "namespace": f"urn:policy:{policy.id}:{policy.version}",
        },
    )
    for name in wanted:
        _add_inputs(root, name, TABLES[name])
    for name in wanted:
        _add_decision(root, name, TABLES[name], rows[name])
    indent(root)
    text: str = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _add_inputs(root: Element, table: str, columns: Iterable[str]) -> None:
    for column in columns:
        data = SubElement(root, "inputData", {"id": f"{table}_{column}_data", "name": f"{table} {column}"})
        SubElement(data, "variable", {"id": f"{table}_{column}_variable", "name": column, "typeRef": "string"})


def _add_decision(root: Element, name: str, columns: Mapping[str, tuple[str, ...]], rows: Iterable[LeadRow]) -> None:
    decision = SubElement(root, "decision", {"id": name, "name": name})
    for column in columns:
        needed = SubElement(decision, "informationRequirement", {"id": f"{name}_needs_{column}"})
        SubElement(needed, "requiredInput", {"href": f"#{name}_{column}_data"})
    table = SubElement(decision, "decisionTable", {"id": f"{name}_table", "hitPolicy": "UNIQUE"})
    for column, values in columns.items():
        given = SubElement(table, "input", {"id": f"{name}_{column}", "label": column})
        expression = SubElement(given, "inputExpression", {"id": f"{name}_{column}_expression", "typeRef": "string"})
        SubElement(expression, "text").text = column
        allowed = SubElement(given, "inputValues", {"id": f"{name}_{column}_values"})
        SubElement(allowed, "text").text = ",".join(f'"{value}"' for value in values)
    for output in _OUTPUTS:
        SubElement(table, "output", {"id": f"{name}_{output}", "label": output, "name": output, "typeRef": "string"})
    for row in rows:
        _add_row(table, name, columns, row)


def _add_row(table: Element, name: str, columns: Mapping[str, tuple[str, ...]], row: LeadRow) -> None:
    rule = SubElement(table, "rule", {"id": f"{name}_{row.id}"})
    SubElement(rule, "description").text = row.says
    by_column = {condition.left: condition for condition in row.when}
    for column in columns:
        cell = SubElement(rule, "inputEntry", {"id": f"{name}_{row.id}_{column}"})
        SubElement(cell, "text").text = _unary(by_column.get(column))
    for output, value in zip(_OUTPUTS, (row.id, row.lead, row.holder, due_name(row.accept_within)), strict=True):
        entry = SubElement(rule, "outputEntry", {"id": f"{name}_{row.id}_{output}"})
        SubElement(entry, "text").text = f'"{value}"'


def _unary(condition: Condition | None) -> str:
    """Returns the condition as a FEEL unary test. Lead rows compare words with `==`, `!=` and `in` only."""
    if condition is None:
        return "-"
    words = ", ".join(f'"{value}"' for value in condition.right)
    if condition.operator == "!=":
        return f"not({words})"
    return words if len(condition.right) == 1 else f"? in ({words})"
