"""The lead tables as DMN open without a fault in another engine and give the same leads there."""

import random
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

from app.routing.engine.prepared_policy import prepare
from app.routing.handbook.dmn import NAMESPACE, TABLES, dmn
from app.routing.loading.catalogue import SHIPPED
from app.routing.policy.labels import due_name
from app.routing.policy.types import LeadRow, Policy
from tests.routing.given import shipped

SITUATIONS = 400


@dataclass
class Workflow:
    script_engine: PythonScriptEngine


@dataclass
class Task:
    """What the other engine needs of a running workflow: its values and something to read expressions with."""

    data: dict[str, Any]
    workflow: Workflow


def opened(policy: Policy, table: str, folder: Path) -> DMNEngine:
    """The table as the other engine reads it, checked against the standard's own schema on the way."""
    path = folder / f"{policy.id}.{table}.dmn"
    path.write_text(dmn(policy, [table]), encoding="utf-8")
    parser = BpmnDmnParser()
    parser.add_dmn_file(str(path))
    found = parser.dmn_parsers[table]
    found.parse()
    (decision,) = found.decision.decisionTables
    return DMNEngine(decision)


def rows_of(policy: Policy, table: str) -> tuple[LeadRow, ...]:
    return policy.victim_rows if table == "victim_lead" else policy.perpetrator_rows


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("table", TABLES)
def test_other_engine_gives_the_same_lead_holder_and_time_to_accept(table: str, name: str, tmp_path: Path) -> None:
    policy, chance = shipped(name), random.Random(7)  # noqa: S311 - situations, not secrets
    theirs, reading = opened(policy, table, tmp_path), Workflow(PythonScriptEngine())
    rows = getattr(prepare(policy), table.removesuffix("_lead"))

    for _ in range(SITUATIONS):
        cell = {column: chance.choice(values) for column, values in TABLES[table].items()}
        ours = rows.row(cell).row
        assert theirs.result(Task(dict(cell), reading)) == {
            "row": ours.id,
            "lead": ours.lead.value,
            "holder": ours.holder.value,
            "accept_within": due_name(ours.accept_within),
        }


@pytest.mark.parametrize("table", TABLES)
def test_every_row_of_the_table_is_met_by_some_situation_in_the_other_engine(table: str, tmp_path: Path) -> None:
    policy = shipped("national-baseline")
    theirs, reading = opened(policy, table, tmp_path), Workflow(PythonScriptEngine())

    met = set()
    for row in rows_of(policy, table):
        asked = {condition.left: str(condition.right[0]) for condition in row.when}
        cell = {column: asked.get(column, values[0]) for column, values in TABLES[table].items()}
        met.add(theirs.result(Task(cell, reading))["row"])

    assert met == {row.id for row in rows_of(policy, table)}


def test_document_with_both_tables_keeps_to_the_schema_of_dmn_1_3() -> None:
    schema = files("SpiffWorkflow.dmn.parser").joinpath("schema", "DMN13.xsd")

    document = etree.fromstring(dmn(shipped("national-baseline")).encode())

    etree.XMLSchema(file=str(schema)).assertValid(document)
    tables = document.findall(f".//{{{NAMESPACE}}}decisionTable")
    assert {table.get("hitPolicy") for table in tables} == {"UNIQUE"}
    assert len(tables) == 2
