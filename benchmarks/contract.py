"""Test the service against its OpenAPI description, with schemathesis.

    python benchmarks/contract.py --examples 500

Requests are generated from the description, half of them valid and half invalid, and each response
is checked against it: status, type, headers, schema, no 5xx, unknown methods and invalid values
refused, no writing without the token. One check is disabled: that every request matching the
description is accepted, since the description cannot list the existing areas, years and reports,
nor the valid queries. Examples are generated with a fixed seed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS

TOKEN = "a-token-for-this-run"
_MODES = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)


@dataclass
class Outcome:
    """One operation: numbers of responses by status, and the first failure, if any."""

    operation: str
    answers: Counter[int] = field(default_factory=Counter)
    failure: str = ""


def of_app(app: Any) -> Any:
    """Load the description of an application in this process."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)


def run(schema: Any, *, examples: int) -> Iterator[Outcome]:
    """Test every operation with ``examples`` valid and as many invalid requests."""
    for result in schema.get_all_operations():
        operation = result.ok()
        outcome = Outcome(f"{operation.method.upper()} {operation.path}")
        for mode in _MODES:
            _try(operation, mode, examples, outcome)
        yield outcome


def _try(operation: Any, mode: Any, examples: int, outcome: Outcome) -> None:
    excluded = [CHECKS.get_one("positive_data_acceptance")]

    @seed(8)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def attempt(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {TOKEN}"})
        outcome.answers[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=excluded)

    try:
        attempt()
    except Unsatisfiable:  # a request without parameters cannot be invalid
        pass
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        outcome.failure = outcome.failure or f"{mode.value}: {error}"


def main() -> int:
    """Test a service over the samples, and print a row for each operation."""
    from tracuu import Index
    from tracuu.web import Settings, create_app

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--examples", type=int, default=200, help="of each kind, for each operation"
    )
    examples = parser.parse_args().examples
    with tempfile.TemporaryDirectory() as folder:
        with Index.create(Path(folder) / "index") as index:
            list(
                index.update(
                    [Path(__file__).resolve().parent.parent / "corpus" / "samples"], jobs=1
                )
            )
        app = create_app(
            Path(folder) / "index", settings=Settings(token=TOKEN, upload_bytes=100_000)
        )
        outcomes = []
        for outcome in run(of_app(app), examples=examples):
            outcomes.append(outcome)
            statuses = ", ".join(
                f"{status}: {number}" for status, number in sorted(outcome.answers.items())
            )
            print(
                f"{'FAILED' if outcome.failure else 'ok':6}  {outcome.operation:64}  {statuses}",
                flush=True,
            )
            if outcome.failure:
                print(outcome.failure)
        app.state.access.close()
    requests = sum(sum(outcome.answers.values()) for outcome in outcomes)
    faults = sum(
        number for one in outcomes for status, number in one.answers.items() if status >= 500
    )
    failed = sum(bool(outcome.failure) for outcome in outcomes)
    print(
        f"{len(outcomes)} operations, {requests} requests, {faults} answers 5xx, {failed} "
        "operations failed"
    )
    return 1 if failed or faults else 0


if __name__ == "__main__":
    sys.exit(main())
