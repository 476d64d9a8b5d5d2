"""The web app: a folder of sessions, its feed and its pages, for whoever asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.serve.options import ServeOptions

if TYPE_CHECKING:
    from starlette.applications import Starlette


def make_app(folder: Path, options: ServeOptions | None = None) -> Starlette:
    """Make the app; the folder is read when it starts, or when somebody asks.

    Parameters
    ----------
    folder
        Where the sessions lie.
    options
        Whom it is for, and how.
    """
    from starlette.applications import Starlette

    from voicecoach.serve.desk import Desk
    from voicecoach.serve.shelf import Shelf

    chosen = options or ServeOptions()
    shelf = Shelf(folder, chosen)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await shelf.look_again()
        yield
        shelf.close()

    app = Starlette(lifespan=lifespan)
    # Every path is looked up in the table of what there is: no routes, and so none that could be led astray.
    app.router.default = Desk(shelf, chosen)
    return app
