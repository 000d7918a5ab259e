"""The sample that the tests of reports share is a document as the judge writes it."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from tests.unit.report import sample


@pytest.mark.parametrize("count", [0, 1, 24])
def test_the_sample_is_valid_against_the_schema_of_results(count: int) -> None:
    schema = json.loads(files("ipv6check.report").joinpath("results.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(sample.document(count))


def test_the_sample_has_every_fault_and_every_level_that_the_reports_must_tell_apart() -> None:
    totals = sample.document(48)["totals"]
    assert all(totals["findings"].values())
    assert totals["accepted"]
    assert totals["levels"]["none"] and totals["levels"]["published"] and totals["levels"]["parity"]
