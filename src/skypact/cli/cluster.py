"""Work shared among processes: of this machine, or of machines that a Dask scheduler knows."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from skypact.engines.coverage.many import Result, Runner, Task, here

if TYPE_CHECKING:
    from distributed import Client

#: A task whose worker died is done again so many times before the whole run gives up.
RETRIES = 3


@contextmanager
def runner(*, workers: int, scheduler: str | None, memory: str) -> Iterator[Runner]:
    """A runner on so many processes of this machine (1: in this one), or on the workers of a Dask ``scheduler``.

    ``memory`` (``1GiB``) is what one process of this machine may take; Dask restarts one that takes more.
    Ends the program with exit status 2 where the scheduler does not answer.
    """
    if scheduler is None and workers == 1:
        yield here
        return
    from distributed import Client, LocalCluster

    logging.getLogger("distributed").setLevel(logging.ERROR)
    if scheduler is None:
        with (
            LocalCluster(  # type: ignore[no-untyped-call]
                n_workers=workers,
                threads_per_worker=1,
                memory_limit=memory,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,  # type: ignore[no-untyped-call]
        ):
            yield on(client)
        return
    try:
        client = Client(scheduler, timeout="10s")  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        typer.echo(f"no Dask scheduler answers at {scheduler}: {error}", err=True)
        raise typer.Exit(2) from None
    with client:
        _require_skypact(client, scheduler)
        yield on(client)


def _require_skypact(client: Client, scheduler: str) -> None:
    """Ends the program unless every worker has this version of skypact: one without it would never answer."""
    import skypact

    def version() -> str | None:
        from importlib.metadata import PackageNotFoundError
        from importlib.metadata import version as installed

        try:
            return installed("skypact")
        except PackageNotFoundError:
            return None

    found = client.run(version)
    wrong = {worker: has for worker, has in found.items() if has != skypact.__version__}
    if not found or wrong:
        told = "; ".join(f"{worker} has {has or 'none'}" for worker, has in wrong.items()) or "it has no workers"
        typer.echo(f"the workers of {scheduler} need skypact {skypact.__version__}: {told}", err=True)
        raise typer.Exit(2)


def on(client: Client) -> Runner:
    """A runner on the workers of ``client``. Two tasks a worker are under way at once, so that memory stays bounded."""

    def run(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
        from distributed import as_completed

        waiting = iter(enumerate(tasks))
        under_way: dict[Any, int] = {}

        def submit() -> Any | None:
            number, task = next(waiting, (None, None))
            if number is None:
                return None
            future = client.submit(work, task, pure=False, retries=RETRIES)
            under_way[future] = number
            return future

        at_once = 2 * max(1, len(client.scheduler_info()["workers"]))
        done = as_completed([future for future in (submit() for _ in range(at_once)) if future is not None])
        for future in done:
            yield under_way.pop(future), future.result()
            following = submit()
            if following is not None:
                done.add(following)

    return run
