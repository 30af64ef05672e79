"""Runs jobs that do nothing with procrastinate: what a general queue on the same PostgreSQL costs."""

import asyncio
import time

import procrastinate

CONCURRENCY = 16  # the best of 1, 4, 16 and 64


def run_noop_jobs(url: str, jobs: int) -> float:
    """Jobs per second that one procrastinate worker fetched, ran and finished."""
    return asyncio.run(_run(url, jobs))


async def _run(url: str, jobs: int) -> float:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, max_size=10))

    @app.task(name="nothing")
    async def nothing() -> None:
        """Does nothing."""

    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({} for _ in range(jobs)))
        begun = time.perf_counter()
        await app.run_worker_async(
            concurrency=CONCURRENCY, wait=False, listen_notify=False, install_signal_handlers=False
        )
        return jobs / (time.perf_counter() - begun)
